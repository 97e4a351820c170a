package dev.sluice.delivery.stage;

import dev.sluice.avro.AccessAction;
import dev.sluice.avro.AccessCommand;
import dev.sluice.avro.AccessDelivery;
import dev.sluice.avro.AccessResult;
import dev.sluice.avro.CommandReason;
import dev.sluice.avro.DeliveryOutcome;
import dev.sluice.avro.internal.StoredDelivery;
import dev.sluice.avro.internal.StoredResult;
import dev.sluice.delivery.Command;
import dev.sluice.delivery.CommandAction;
import dev.sluice.delivery.CommandNumber;
import dev.sluice.delivery.DeliveryState;
import dev.sluice.delivery.EarlyResult;
import dev.sluice.delivery.ErrorClass;
import dev.sluice.delivery.Outstanding;
import dev.sluice.delivery.Result;
import dev.sluice.delivery.ResultDetails;
import dev.sluice.delivery.ResultOutcome;
import dev.sluice.limits.SizeLimits;
import dev.sluice.text.Cut;
import dev.sluice.update.SourceRef;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Conversions between what is decided about and its Avro forms. */
final class DeliveryAvro {

  private DeliveryAvro() {}

  // Input

  /**
   * Returns a command.
   *
   * @param commandedAtMs the time of its record, in milliseconds since the epoch
   */
  static Command fromAvro(AccessCommand c, long commandedAtMs) {
    return new Command(
        c.getUserId(),
        new SourceRef(c.getSourceId(), c.getSourceType()),
        fromAvro(c.getAction()),
        new CommandNumber(c.getEpoch(), c.getRevision()),
        Cut.to(c.getProductId(), SizeLimits.ID_CHARS),
        c.getReason().name(),
        commandedAtMs);
  }

  static Result fromAvro(AccessResult r) {
    var outcome = ResultOutcome.valueOf(r.getOutcome().name());
    return new Result(
        r.getUserId(),
        new SourceRef(r.getSourceId(), r.getSourceType()),
        fromAvro(r.getAction()),
        new CommandNumber(r.getEpoch(), r.getRevision()),
        outcome,
        ResultDetails.of(
            outcome,
            fromAvro(r.getErrorClass()),
            r.getCode(),
            r.getMessage(),
            r.getAttempts(),
            r.getExecutor()),
        r.getAt().toEpochMilli());
  }

  private static CommandAction fromAvro(AccessAction action) {
    return action == AccessAction.GRANT ? CommandAction.GRANT : CommandAction.REVOKE;
  }

  private static @Nullable ErrorClass fromAvro(dev.sluice.avro.@Nullable ErrorClass of) {
    return of == null ? null : ErrorClass.valueOf(of.name());
  }

  // Output

  static AccessDelivery delivery(Outstanding o) {
    var command = o.command();
    return new AccessDelivery(
        command.userId(),
        command.source().sourceType(),
        command.source().sourceId(),
        toAvro(command.action()),
        command.number().epoch(),
        command.number().revision(),
        command.productId(),
        CommandReason.valueOf(command.reason()),
        Instant.ofEpochMilli(command.commandedAtMs()),
        dev.sluice.avro.DeliveryState.valueOf(o.state().name()),
        Instant.ofEpochMilli(o.sinceMs()),
        o.overdueSinceMs() == null ? null : Instant.ofEpochMilli(o.overdueSinceMs()),
        toAvro(o.last().errorClass()),
        o.last().code(),
        o.last().message(),
        o.last().attempts(),
        o.last().executor());
  }

  private static AccessAction toAvro(CommandAction action) {
    return action == CommandAction.GRANT ? AccessAction.GRANT : AccessAction.REVOKE;
  }

  private static dev.sluice.avro.@Nullable ErrorClass toAvro(@Nullable ErrorClass of) {
    return of == null ? null : dev.sluice.avro.ErrorClass.valueOf(of.name());
  }

  // State

  static StoredDelivery toAvro(Outstanding o) {
    var command = o.command();
    return new StoredDelivery(
        toAvro(command.action()),
        command.number().epoch(),
        command.number().revision(),
        command.productId(),
        CommandReason.valueOf(command.reason()),
        command.commandedAtMs(),
        dev.sluice.avro.DeliveryState.valueOf(o.state().name()),
        o.sinceMs(),
        o.overdueSinceMs(),
        toAvro(o.last().errorClass()),
        o.last().code(),
        o.last().message(),
        o.last().attempts(),
        o.last().executor());
  }

  /** Returns the outstanding command that is stored under the key of the command. */
  static Outstanding fromAvro(String key, StoredDelivery s) {
    return new Outstanding(
        new Command(
            userId(key),
            source(key),
            fromAvro(s.getAction()),
            new CommandNumber(s.getEpoch(), s.getRevision()),
            s.getProductId(),
            s.getReason().name(),
            s.getCommandedAt()),
        DeliveryState.valueOf(s.getState().name()),
        s.getSince(),
        s.getOverdueSince(),
        new ResultDetails(
            fromAvro(s.getErrorClass()),
            s.getCode(),
            s.getMessage(),
            s.getAttempts(),
            s.getExecutor()));
  }

  static StoredResult toAvro(EarlyResult early) {
    var result = early.result();
    var details = result.details();
    return new StoredResult(
        early.readAtMs(),
        toAvro(result.action()),
        result.number().epoch(),
        result.number().revision(),
        DeliveryOutcome.valueOf(result.outcome().name()),
        result.atMs(),
        toAvro(details.errorClass()),
        details.code(),
        details.message(),
        details.attempts(),
        details.executor());
  }

  /** Returns the result that is stored under the key of its command. */
  static EarlyResult fromAvro(String key, StoredResult s) {
    return new EarlyResult(
        new Result(
            userId(key),
            source(key),
            fromAvro(s.getAction()),
            new CommandNumber(s.getEpoch(), s.getRevision()),
            ResultOutcome.valueOf(s.getOutcome().name()),
            new ResultDetails(
                fromAvro(s.getErrorClass()),
                s.getCode(),
                s.getMessage(),
                s.getAttempts(),
                s.getExecutor()),
            s.getAt()),
        s.getReadAt());
  }

  private static String userId(String key) {
    return key.substring(0, key.indexOf('|'));
  }

  private static SourceRef source(String key) {
    var type = key.indexOf('|') + 1;
    var id = key.indexOf('|', type) + 1;
    return new SourceRef(key.substring(id), key.substring(type, id - 1));
  }
}
