/** The set-up that tests of several packages share, and what they need besides this build. */
@org.jspecify.annotations.NullMarked
package dev.sluice.testing;
