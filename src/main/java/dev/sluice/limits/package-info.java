/** Maximum sizes of input, state and output, and a map of bounded size. */
@org.jspecify.annotations.NullMarked
package dev.sluice.limits;
