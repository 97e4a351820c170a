/** The rights on Kafka that each party needs, and which of them it lacks. */
@NullMarked
package dev.sluice.rights;

import org.jspecify.annotations.NullMarked;
