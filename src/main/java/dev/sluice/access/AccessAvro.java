package dev.sluice.access;

import dev.sluice.access.AccessUpdate.Cause;
import dev.sluice.access.AccessUpdate.MembershipChanged;
import dev.sluice.access.AccessUpdate.ProductCopy;
import dev.sluice.access.AccessUpdate.ProductRevised;
import dev.sluice.avro.DataSource;
import dev.sluice.avro.ProductState;
import dev.sluice.avro.internal.StoredProductCopy;
import dev.sluice.avro.internal.StoredStretch;
import dev.sluice.avro.internal.StoredSweep;
import dev.sluice.contract.TraceContext;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** What the access stage reads and stores, to and from Avro. */
public final class AccessAvro {

  private AccessAvro() {}

  /** An update as the internal topic carries it. */
  public static dev.sluice.avro.internal.AccessUpdate toAvro(AccessUpdate update) {
    var change =
        switch (update) {
          case MembershipChanged m ->
              new dev.sluice.avro.internal.MembershipChanged(
                  m.userId(), m.member(),
                  m.last(), dev.sluice.avro.CommandReason.valueOf(m.reason().name()));
          case ProductRevised r ->
              new dev.sluice.avro.internal.ProductRevised(
                  r.copy().revision(),
                  r.deleted()
                      ? ProductState.DELETED
                      : r.copy().active() ? ProductState.ACTIVE : ProductState.SUSPENDED,
                  sources(r.copy().sources()),
                  List.copyOf(r.partitions()),
                  r.members());
        };
    return new dev.sluice.avro.internal.AccessUpdate(
        update.productId(), update.cause().eventId(), update.cause().occurredAtMs(), change);
  }

  /** An update as the internal topic carried it. */
  public static AccessUpdate fromAvro(dev.sluice.avro.internal.AccessUpdate update) {
    var cause = new Cause(update.getCauseEventId(), update.getOccurredAt());
    return switch (update.getChange()) {
      case dev.sluice.avro.internal.MembershipChanged m ->
          new MembershipChanged(
              update.getProductId(),
              cause,
              m.getUserId(),
              m.getMember(),
              m.getLast(),
              CommandReason.valueOf(m.getReason().name()));
      case dev.sluice.avro.internal.ProductRevised r ->
          new ProductRevised(
              update.getProductId(),
              cause,
              new ProductCopy(
                  r.getRevision(),
                  r.getState() == ProductState.ACTIVE,
                  sources(r.getDataSources())),
              r.getState() == ProductState.DELETED,
              new TreeSet<>(r.getPartitions()),
              r.getMembers());
      default -> throw new IllegalStateException("unknown update " + update.getChange());
    };
  }

  /** A revision as the stores hold it. */
  static StoredProductCopy toAvro(Revision revision) {
    var copy = revision.copy();
    var cause = revision.cause();
    var trace = cause.trace();
    return new StoredProductCopy(
        copy.revision(),
        copy.active(),
        sources(copy.sources()),
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
        new ProductCopy(stored.getRevision(), stored.getActive(), sources(stored.getDataSources())),
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

  /** Sources as Avro carries them, in their order. */
  public static List<DataSource> sources(SortedSet<SourceRef> sources) {
    var list = new ArrayList<DataSource>(sources.size());
    sources.forEach(s -> list.add(new DataSource(s.sourceId(), s.sourceType())));
    return list;
  }

  /** Sources as Avro carried them. */
  public static SortedSet<SourceRef> sources(List<DataSource> sources) {
    var set = new TreeSet<SourceRef>();
    sources.forEach(s -> set.add(new SourceRef(s.getSourceId(), s.getSourceType())));
    return set;
  }
}
