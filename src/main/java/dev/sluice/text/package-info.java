/** Texts of others, made fit to be shown. */
@org.jspecify.annotations.NullMarked
package dev.sluice.text;
