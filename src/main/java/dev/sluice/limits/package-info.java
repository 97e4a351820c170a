/** Bounds: the maximum sizes of what is read, kept and written, and a map of bounded size. */
@org.jspecify.annotations.NullMarked
package dev.sluice.limits;
