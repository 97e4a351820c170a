/** Whether a worker lives, and whether it does its work. */
@NullMarked
package dev.sluice.health;

import org.jspecify.annotations.NullMarked;
