/** Folders on a worker's disk. */
@NullMarked
package dev.sluice.folder;

import org.jspecify.annotations.NullMarked;
