/** Tokens, roles and rate limits of callers. */
@NullMarked
package dev.sluice.auth;

import org.jspecify.annotations.NullMarked;
