package dev.sluice.access;

import dev.sluice.access.AccessUpdate.Cause;
import dev.sluice.access.AccessUpdate.ProductCopy;
import dev.sluice.avro.internal.StoredProductCopy;
import dev.sluice.avro.internal.StoredStretch;
import dev.sluice.avro.internal.StoredSweep;
import dev.sluice.contract.TraceContext;

/** Converts what the access stage stores to and from Avro. */
final class AccessAvro {

  private AccessAvro() {}

  /** A revision as the stores hold it. */
  static StoredProductCopy toAvro(Revision revision) {
    var copy = revision.copy();
    var cause = revision.cause();
    var trace = cause.trace();
    return new StoredProductCopy(
        copy.revision(),
        copy.active(),
        UpdateAvro.sources(copy.sources()),
        revision.deleted(),
        cause.eventId(),
        cause.occurredAtMs(),
        revision.position(),
        cause.arrivedAtMs(),
        trace == null ? null : trace.traceparent(),
        trace == null ? null : trace.tracestate());
  }

  /** A revision as the stores held it. */
  static Revision fromAvro(StoredProductCopy stored) {
    var traceparent = stored.getTraceparent();
    var trace = traceparent == null ? null : new TraceContext(traceparent, stored.getTracestate());
    return new Revision(
        new ProductCopy(
            stored.getRevision(), stored.getActive(), UpdateAvro.sources(stored.getDataSources())),
        stored.getDeleted(),
        new Cause(stored.getCauseEventId(), stored.getOccurredAt(), stored.getArrivedAt(), trace),
        stored.getPosition());
  }

  /** A sweep as the store holds it. */
  static StoredSweep toAvro(Sweep sweep, SweepExtent extent) {
    return new StoredSweep(
        sweep.target(),
        sweep.cursor(),
        sweep.stretches().stream().map(s -> new StoredStretch(s.upTo(), s.revision())).toList(),
        extent.sinceMs(),
        extent.membersLeft());
  }

  /** A sweep as the store held it. */
  static Sweep fromAvro(StoredSweep stored) {
    return new Sweep(
        stored.getTarget(),
        stored.getCursor(),
        stored.getStretches().stream()
            .map(s -> new Sweep.Stretch(s.getUpTo(), s.getRevision()))
            .toList());
  }

  /** The extent of a sweep as the store held it. */
  static SweepExtent extent(StoredSweep stored) {
    return new SweepExtent(stored.getSince(), stored.getMembersLeft());
  }
}
