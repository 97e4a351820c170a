/** Who may ask what: tokens, roles and rates. */
@NullMarked
package dev.sluice.auth;

import org.jspecify.annotations.NullMarked;
