/** Rights that Kafka has to grant, and the check for them. */
@NullMarked
package dev.sluice.rights;

import org.jspecify.annotations.NullMarked;
