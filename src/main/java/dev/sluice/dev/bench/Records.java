package dev.sluice.dev.bench;

import org.jspecify.annotations.Nullable;

/** The records that the bare producer writes. */
interface Records {
  /**
   * Returns the key of a record.
   *
   * @param record number of the record, from 0
   * @param user number of the user, if the key has one
   */
  byte[] key(long record, long user);

  /** Returns the value of a record. */
  byte @Nullable [] value(long record);
}
