package dev.sluice.access.command;

import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * A shorter way for commands to the broker than through Streams' nodes, into the very transaction
 * that Streams has open.
 */
@FunctionalInterface
public interface DirectSend {

  /** No shorter way: every command goes through Streams. */
  DirectSend NONE = () -> null;

  /** The way into the transaction of the calling thread; null while it has none open. */
  @Nullable Session session();

  /**
   * The way into one transaction, for the thread that asked for it and until it goes on to other
   * things.
   */
  @FunctionalInterface
  interface Session {
    /**
     * Sends a command.
     *
     * @param headers those it is to have, to be copied; null for none
     * @return whether it was taken; else it is to go through Streams, which knows what to do about
     *     what is wrong
     */
    boolean send(byte[] key, SpecificRecord command, @Nullable Headers headers, long timestampMs);
  }
}
