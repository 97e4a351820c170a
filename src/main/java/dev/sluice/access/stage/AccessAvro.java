package dev.sluice.access.stage;

import dev.sluice.access.Revision;
import dev.sluice.access.Sweep;
import dev.sluice.access.SweepProgress;
import dev.sluice.access.Withholding;
import dev.sluice.avro.DataSource;
import dev.sluice.avro.internal.StoredProductCopy;
import dev.sluice.avro.internal.StoredStretch;
import dev.sluice.avro.internal.StoredSweep;
import dev.sluice.avro.internal.StoredUserAccess;
import dev.sluice.contract.TraceContext;
import dev.sluice.update.AccessUpdate.ProductSnapshot;
import dev.sluice.update.AccessUpdate.Trigger;
import dev.sluice.update.SourceRef;
import dev.sluice.update.wire.UpdateAvro;
import org.jspecify.annotations.Nullable;

/** Converts the stored values of the access stage to and from Avro. */
final class AccessAvro {

  private AccessAvro() {}

  /** Returns the stored form of a revision. */
  static StoredProductCopy toAvro(Revision revision) {
    var copy = revision.copy();
    var trigger = revision.cause();
    var trace = trigger.trace();
    return new StoredProductCopy(
        copy.revision(),
        copy.active(),
        UpdateAvro.sources(copy.sources()),
        revision.deleted(),
        trigger.eventId(),
        trigger.occurredAtMs(),
        revision.position(),
        trigger.arrivedAtMs(),
        trace == null ? null : trace.traceparent(),
        trace == null ? null : trace.tracestate());
  }

  /** Returns a revision from its stored form. */
  static Revision fromAvro(StoredProductCopy stored) {
    var trace = trace(stored.getTraceparent(), stored.getTracestate());
    return new Revision(
        new ProductSnapshot(
            stored.getRevision(), stored.getActive(), UpdateAvro.sources(stored.getDataSources())),
        stored.getDeleted(),
        new Trigger(stored.getCauseEventId(), stored.getOccurredAt(), stored.getArrivedAt(), trace),
        stored.getPosition());
  }

  /** Returns the stored form of a sweep. */
  static StoredSweep toAvro(Sweep sweep, SweepProgress extent) {
    return new StoredSweep(
        sweep.target(),
        sweep.cursor(),
        sweep.segments().stream().map(s -> new StoredStretch(s.upTo(), s.revision())).toList(),
        extent.sinceMs(),
        extent.membersLeft());
  }

  /** Returns a sweep from its stored form. */
  static Sweep fromAvro(StoredSweep stored) {
    return new Sweep(
        stored.getTarget(),
        stored.getCursor(),
        stored.getStretches().stream()
            .map(s -> new Sweep.Segment(s.getUpTo(), s.getRevision()))
            .toList());
  }

  /** Returns the progress of a sweep from its stored form. */
  static SweepProgress extent(StoredSweep stored) {
    return new SweepProgress(stored.getSince(), stored.getMembersLeft());
  }

  /** Returns the stored form of a withholding. */
  static StoredUserAccess toAvro(Withholding withholding) {
    var boundary = withholding.boundary();
    var cause = withholding.cause();
    var trace = cause.trace();
    return new StoredUserAccess(
        withholding.active(),
        withholding.all(),
        boundary == null ? null : new DataSource(boundary.sourceId(), boundary.sourceType()),
        withholding.inclusive(),
        withholding.reason(),
        cause.eventId(),
        cause.occurredAtMs(),
        cause.arrivedAtMs(),
        withholding.position(),
        trace == null ? null : trace.traceparent(),
        trace == null ? null : trace.tracestate());
  }

  /** Returns a withholding from its stored form. */
  static Withholding fromAvro(StoredUserAccess stored) {
    var boundary = stored.getBoundary();
    return new Withholding(
        stored.getActive(),
        stored.getAll(),
        boundary == null ? null : new SourceRef(boundary.getSourceId(), boundary.getSourceType()),
        stored.getBoundaryWithheld(),
        stored.getReason(),
        new Trigger(
            stored.getCauseEventId(),
            stored.getOccurredAt(),
            stored.getArrivedAt(),
            trace(stored.getTraceparent(), stored.getTracestate())),
        stored.getPosition());
  }

  private static @Nullable TraceContext trace(
      @Nullable String traceparent, @Nullable String tracestate) {
    return traceparent == null ? null : new TraceContext(traceparent, tracestate);
  }
}
