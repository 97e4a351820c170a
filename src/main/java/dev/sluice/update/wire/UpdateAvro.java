package dev.sluice.update.wire;

import dev.sluice.avro.DataSource;
import dev.sluice.avro.ProductState;
import dev.sluice.update.AccessUpdate;
import dev.sluice.update.AccessUpdate.MembershipChanged;
import dev.sluice.update.AccessUpdate.ProductRevised;
import dev.sluice.update.AccessUpdate.ProductSnapshot;
import dev.sluice.update.AccessUpdate.ProductUpdate;
import dev.sluice.update.AccessUpdate.Trigger;
import dev.sluice.update.AccessUpdate.UserChanged;
import dev.sluice.update.CommandReason;
import dev.sluice.update.SourceRef;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** Converts updates between the stages, and sources, to and from Avro. */
public final class UpdateAvro {

  private UpdateAvro() {}

  /** Returns the Avro form of an update. */
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
          case UserChanged u ->
              new dev.sluice.avro.internal.UserChanged(u.userId(), u.active(), u.reason());
        };
    return new dev.sluice.avro.internal.AccessUpdate(
        update instanceof ProductUpdate p ? p.productId() : "",
        update.cause().eventId(),
        update.cause().occurredAtMs(),
        change);
  }

  /** Returns an update from its Avro form. */
  public static AccessUpdate fromAvro(dev.sluice.avro.internal.AccessUpdate update) {
    var trigger = new Trigger(update.getCauseEventId(), update.getOccurredAt());
    return switch (update.getChange()) {
      case dev.sluice.avro.internal.MembershipChanged m ->
          new MembershipChanged(
              update.getProductId(),
              trigger,
              m.getUserId(),
              m.getMember(),
              m.getLast(),
              CommandReason.valueOf(m.getReason().name()));
      case dev.sluice.avro.internal.ProductRevised r ->
          new ProductRevised(
              update.getProductId(),
              trigger,
              new ProductSnapshot(
                  r.getRevision(),
                  r.getState() == ProductState.ACTIVE,
                  sources(r.getDataSources())),
              r.getState() == ProductState.DELETED,
              new TreeSet<>(r.getPartitions()),
              r.getMembers());
      case dev.sluice.avro.internal.UserChanged u ->
          new UserChanged(u.getUserId(), trigger, u.getActive(), u.getReason());
      default -> throw new IllegalStateException("unknown update " + update.getChange());
    };
  }

  /** Returns sources in Avro form, in their order. */
  public static List<DataSource> sources(SortedSet<SourceRef> sources) {
    var list = new ArrayList<DataSource>(sources.size());
    sources.forEach(s -> list.add(new DataSource(s.sourceId(), s.sourceType())));
    return list;
  }

  /** Returns sources from their Avro form. */
  public static SortedSet<SourceRef> sources(List<DataSource> sources) {
    var set = new TreeSet<SourceRef>();
    sources.forEach(s -> set.add(new SourceRef(s.getSourceId(), s.getSourceType())));
    return set;
  }
}
