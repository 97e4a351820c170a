package dev.sluice.access.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.access.AccessDiff;
import dev.sluice.avro.AccessAction;
import dev.sluice.avro.CommandReason;
import dev.sluice.contract.TraceHeaders;
import java.time.Instant;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * The common part of the commands of one change, for all users. Encoded once: a command then costs
 * the copying of a few bytes.
 */
final class CommandTemplate {
  final AccessDiff.Change change;
  final AccessAction action;
  final String sourceId;
  final String sourceType;
  final String productId;
  final CommandReason reason;
  final String causeEventId;
  final Instant occurredAt;
  final int epoch;

  /** Null if the commands belong to no trace; they then have no cost for it. */
  final @Nullable Headers headers;

  /** Number of commands made from this template; only its task's thread counts. */
  long count;

  private final byte[] keyEnd;
  private final byte[] afterUser;
  private final byte[] afterRevision;

  CommandTemplate(AccessDiff.Change change, int epoch) {
    this.change = change;
    var changeCause = change.cause();
    action = change.grant() ? AccessAction.GRANT : AccessAction.REVOKE;
    sourceId = change.source().sourceId();
    sourceType = change.source().sourceType();
    productId = changeCause.productId();
    reason = CommandReason.valueOf(changeCause.reason().name());
    causeEventId = changeCause.cause().eventId();
    occurredAt = Instant.ofEpochMilli(changeCause.cause().occurredAtMs());
    this.epoch = epoch;
    var trace = changeCause.cause().trace();
    headers = trace == null ? null : TraceHeaders.of(trace);
    keyEnd = ('|' + sourceType + '|' + sourceId).getBytes(UTF_8);
    afterUser =
        new AvroBytes()
            .string(sourceId)
            .string(sourceType)
            .string(productId)
            .number(reason.ordinal())
            .string(causeEventId)
            .toBytes();
    afterRevision = new AvroBytes().number(occurredAt.toEpochMilli()).number(epoch).toBytes();
  }

  /** Returns the record's key: {@code userId|sourceType|sourceId}. */
  byte[] key(byte[] userId) {
    var key = new byte[userId.length + keyEnd.length];
    System.arraycopy(userId, 0, key, 0, userId.length);
    System.arraycopy(keyEnd, 0, key, userId.length, keyEnd.length);
    return key;
  }

  /** Returns the command in Avro's binary encoding, after a prefix. */
  byte[] value(byte[] before, byte[] userId, long revision) {
    var bytes =
        new byte
            [before.length
                + AvroBytes.sizeOf(action.ordinal())
                + AvroBytes.sizeOf(userId.length)
                + userId.length
                + afterUser.length
                + AvroBytes.sizeOf(revision)
                + afterRevision.length];
    int at = AvroBytes.copy(before, bytes, 0);
    at = AvroBytes.write(action.ordinal(), bytes, at);
    at = AvroBytes.write(userId.length, bytes, at);
    at = AvroBytes.copy(userId, bytes, at);
    at = AvroBytes.copy(afterUser, bytes, at);
    at = AvroBytes.write(revision, bytes, at);
    AvroBytes.copy(afterRevision, bytes, at);
    return bytes;
  }
}
