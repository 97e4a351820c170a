/** Rights that Kafka must grant, and their check. */
@NullMarked
package dev.sluice.rights;

import org.jspecify.annotations.NullMarked;
