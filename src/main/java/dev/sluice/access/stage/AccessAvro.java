package dev.sluice.access.stage;

import dev.sluice.access.Revision;
import dev.sluice.access.Sweep;
import dev.sluice.access.SweepProgress;
import dev.sluice.avro.internal.StoredProductCopy;
import dev.sluice.avro.internal.StoredStretch;
import dev.sluice.avro.internal.StoredSweep;
import dev.sluice.contract.TraceContext;
import dev.sluice.update.AccessUpdate.ProductSnapshot;
import dev.sluice.update.AccessUpdate.Trigger;
import dev.sluice.update.wire.UpdateAvro;

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
    var traceparent = stored.getTraceparent();
    var trace = traceparent == null ? null : new TraceContext(traceparent, stored.getTracestate());
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
}
