/** The set-up that tests of several packages share, and what they need besides this build. */
package dev.sluice.testing;
