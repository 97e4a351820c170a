package dev.sluice.access.stage;

import dev.sluice.access.MembershipStatus;
import dev.sluice.access.PreviewResult;
import dev.sluice.access.Sweep;
import dev.sluice.keys.StoreKeys;
import dev.sluice.streams.ReadStores;
import dev.sluice.update.AccessUpdate;
import dev.sluice.update.SourceRef;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What one task of the access stage knows of its users, for those who ask from outside. It reads
 * what the task's thread has written, committed or not.
 */
public final class AccessReader {

  /** The order in which users come: that of the stores' keys. */
  public static final Comparator<String> ORDER = StoreKeys.ORDER;

  private final ReadStores stores;
  private final ProductRevisionStore copies;
  private final Memberships memberships;
  private final SweepStore sweepStore;
  private final UserSettler userSettler;

  /** A member of a product, and whether its newest revision has yet to reach them. */
  public record Member(String userId, boolean spreads) {}

  /**
   * Who has a source.
   *
   * @param sourceTypes the types under which they have a source of that id, in order
   * @param productIds the products that give it to them, the first of them
   * @param productCount how many those are
   * @param spreads whether a revision has yet to reach them
   */
  public record Holder(
      String userId,
      List<String> sourceTypes,
      List<String> productIds,
      long productCount,
      boolean spreads) {}

  /** So many products that give the same to a user are told. */
  private static final int PROVIDERS_LISTED = 20;

  /** What gives the sources of one id to a user; a product may give it under two types. */
  private static final class Given {
    private final Set<String> types = new TreeSet<>();
    private final List<String> first = new ArrayList<>();
    private long count;

    void add(Set<String> sourceTypes, String productId) {
      types.addAll(sourceTypes);
      count++;
      if (first.size() < PROVIDERS_LISTED) {
        first.add(productId);
      }
    }
  }

  /**
   * How far a product's newest revision has spread.
   *
   * @param revision the newest
   * @param membersLeft about how many members are to be done
   * @param sinceMs when it began, in milliseconds since the epoch; 0 where it is not known
   */
  public record Progress(long revision, long membersLeft, long sinceMs) {}

  /** A product that is being swept, and how far. */
  public record Sweeping(String productId, Progress progress) {}

  /** Over the stores of a task, as they are when they are read. */
  public AccessReader(ReadStores stores) {
    this.stores = stores;
    var above = TaskStores.above(stores);
    copies = new ProductRevisionStore(above);
    memberships = new Memberships(above);
    sweepStore = new SweepStore(above);
    userSettler = new UserSettler(copies, memberships, sweepStore);
  }

  /** Shows the products that a user is a member of, by productId, after that one. */
  public void standings(String userId, String after, Predicate<MembershipStatus> goesOn) {
    memberships.visitProducts(
        userId,
        after,
        productId -> {
          var membershipStatus = standing(userId, productId);
          return membershipStatus == null || goesOn.test(membershipStatus);
        });
  }

  /** A product that a user is a member of; null when the user is no member. */
  public @Nullable MembershipStatus standing(String userId, String productId) {
    var newest = copies.newest(productId);
    var mark = memberships.mark(userId, productId);
    if (newest == null || mark == Memberships.NO_MEMBER) {
      return null;
    }
    var sweep = sweepStore.get(productId);
    return new MembershipStatus(
        productId,
        newest.number(),
        newest.copy().active(),
        newest.deleted(),
        sweep == null ? newest.number() : sweep.settledRevision(userId, mark));
  }

  /** Up to so many members of a product, by userId, after that one. */
  public List<Member> members(String productId, String after, int max) {
    var found = new ArrayList<Member>();
    var newest = copies.newest(productId);
    if (newest == null || newest.deleted()) {
      return found;
    }
    var sweep = sweepStore.get(productId);
    memberships.visit(
        productId,
        new Sweep.Range(after, null, 0),
        (userId, mark) -> {
          var behind = sweep != null && sweep.settledRevision(userId, mark) != sweep.target();
          found.add(new Member(userId, behind));
          return found.size() < max;
        });
    return found;
  }

  /**
   * Up to so many users who get a source, by userId, after that one.
   *
   * @param sourceType of the source; empty for every type that there is of that id
   */
  public List<Holder> holders(String sourceId, String sourceType, String after, int max) {
    var sources =
        sourceType.isEmpty()
            ? copies.sourcesOf(sourceId)
            : Set.of(new SourceRef(sourceId, sourceType));
    var typesOf = new TreeMap<String, Set<String>>(ORDER);
    for (var source : sources) {
      for (var provider : copies.providers(source, "")) {
        if (provider.now()) {
          typesOf
              .computeIfAbsent(provider.productId(), id -> new TreeSet<>())
              .add(source.sourceType());
        }
      }
    }
    var byUser = new TreeMap<String, Given>(ORDER);
    typesOf.forEach(
        (productId, types) -> {
          for (var member : members(productId, after, max)) {
            byUser.computeIfAbsent(member.userId(), id -> new Given()).add(types, productId);
          }
          while (byUser.size() > max) {
            byUser.pollLastEntry();
          }
        });
    var found = new ArrayList<Holder>();
    for (var entry : byUser.entrySet()) {
      if (found.size() == max) {
        break;
      }
      var given = entry.getValue();
      found.add(
          new Holder(
              entry.getKey(),
              List.copyOf(given.types),
              List.copyOf(given.first),
              given.count,
              isBehind(entry.getKey())));
    }
    return found;
  }

  private boolean isBehind(String userId) {
    return !sweepStore.isEmpty()
        && memberships.productsOf(userId).stream().anyMatch(id -> userSettler.isBehind(userId, id));
  }

  /** How far a product has spread; null when all its members are at its newest revision. */
  public @Nullable Progress progress(String productId) {
    var progress = sweepStore.extentOf(productId);
    var sweep = sweepStore.get(productId);
    return progress == null || sweep == null
        ? null
        : new Progress(sweep.target(), progress.membersLeft(), progress.sinceMs());
  }

  /** Up to so many of the products that are being swept, by productId. */
  public List<Sweeping> sweeping(int max) {
    var found = new ArrayList<Sweeping>();
    for (var productId : sweepStore.productIds()) {
      var progress = progress(productId);
      if (progress != null && found.size() < max) {
        found.add(new Sweeping(productId, progress));
      }
    }
    return found;
  }

  /** How many products are being swept. */
  public long sweepCount() {
    return sweepStore.summary().count();
  }

  /**
   * What updates would do if they came now; nothing is changed by it.
   *
   * @param partition of the task
   * @param workMax so many members and commands are worked out at most
   * @param listMax so many commands are told in full
   */
  public PreviewResult preview(
      List<AccessUpdate> updates, int partition, int workMax, int listMax) {
    return new PreviewRun(TaskStores.above(stores), partition, workMax, listMax).run(updates);
  }
}
