/** Folders on the disk of a worker. */
@NullMarked
package dev.sluice.folder;

import org.jspecify.annotations.NullMarked;
