/** Schema registries and the Avro wire format that names a schema by its id in one. */
@NullMarked
package dev.sluice.registry;

import org.jspecify.annotations.NullMarked;
