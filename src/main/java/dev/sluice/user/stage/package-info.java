/** The user stage: events about users, and the updates that follow from them. */
@NullMarked
package dev.sluice.user.stage;

import org.jspecify.annotations.NullMarked;
