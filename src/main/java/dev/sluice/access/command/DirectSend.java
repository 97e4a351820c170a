package dev.sluice.access.command;

import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * A direct way for commands to the broker, without Streams' nodes, into the transaction that
 * Streams has open.
 */
@FunctionalInterface
public interface DirectSend {

  /** No direct way: every command goes through Streams. */
  DirectSend NONE = () -> null;

  /** Returns the session of the calling thread's transaction; null if it has none open. */
  @Nullable Session session();

  /**
   * Access to one transaction, for the thread that asked for it, during the current update or
   * slice.
   */
  @FunctionalInterface
  interface Session {
    /**
     * Sends a command.
     *
     * @param headers headers to copy; null for none
     * @return whether the command was taken; else the caller sends it through Streams, which
     *     handles the fault
     */
    boolean send(byte[] key, SpecificRecord command, @Nullable Headers headers, long timestampMs);
  }
}
