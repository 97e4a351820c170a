/** Makes texts from outside safe to show. */
@org.jspecify.annotations.NullMarked
package dev.sluice.text;
