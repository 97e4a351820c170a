package dev.sluice.access.stage;

import dev.sluice.access.MembershipStatus;
import dev.sluice.access.PreviewResult;
import dev.sluice.access.Sweep;
import dev.sluice.access.UserStatus;
import dev.sluice.avro.internal.StoredUserAccess;
import dev.sluice.keys.StoreKeys;
import dev.sluice.streams.InconsistentReadException;
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
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Read access to the state of one task of the access stage, for queries by other threads. Includes
 * uncommitted writes of the task's thread.
 */
public final class AccessReader {

  /** The order of users: that of the stores' keys. */
  public static final Comparator<String> ORDER = StoreKeys.ORDER;

  private final ReadStores stores;
  private final ProductRevisionStore copies;
  private final Memberships memberships;
  private final SweepStore sweepStore;
  private final UserSettler userSettler;
  private final KeyValueStore<String, StoredUserAccess> withheld;

  /**
   * A member of a product, and whether commands of its newest revision are pending for the member.
   */
  public record Member(String userId, boolean spreading) {}

  /**
   * A user to whom products give a source.
   *
   * @param sourceTypes the types with which the user has a source of that id, in order
   * @param productIds the first products that give the source to the user
   * @param productCount the number of those products
   * @param spreading whether commands of a revision are pending for the user
   * @param deactivated whether the user is deactivated, and has no access for that reason
   */
  public record Holder(
      String userId,
      List<String> sourceTypes,
      List<String> productIds,
      long productCount,
      boolean spreading,
      boolean deactivated) {}

  /** Maximum number of listed products that give the same source to a user. */
  private static final int PROVIDERS_LISTED = 20;

  /**
   * The products that give the sources of one id to a user; a product may give the id with two
   * types.
   */
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
   * Progress of a product's newest revision over its members.
   *
   * @param revision the newest revision
   * @param membersLeft approximate number of members left
   * @param sinceMs start of the sweep, in milliseconds since the epoch; 0 if unknown
   */
  public record Progress(long revision, long membersLeft, long sinceMs) {}

  /** A product that is being swept, and its progress. */
  public record Sweeping(String productId, Progress progress) {}

  /** Creates a reader over the stores of a task; each read returns their present content. */
  public AccessReader(ReadStores stores) {
    this.stores = stores;
    var above = TaskStores.above(stores);
    copies = new ProductRevisionStore(above);
    memberships = new Memberships(above);
    sweepStore = new SweepStore(above);
    userSettler = new UserSettler(copies, memberships, sweepStore);
    withheld = above.get(AccessStores.WITHHELD_USERS);
  }

  /**
   * Returns the status of a user who is deactivated, or whose access is being given back; null for
   * others.
   */
  public @Nullable UserStatus user(String userId) {
    var stored = withheld.get(userId);
    return stored == null ? null : UserStatus.of(AccessAvro.fromAvro(stored));
  }

  private boolean isDeactivated(String userId) {
    var status = user(userId);
    return status != null && !status.active();
  }

  /** Visits the products that a user is a member of, by productId, after the given one. */
  public void standings(String userId, String after, Predicate<MembershipStatus> goesOn) {
    memberships.visitProducts(
        userId,
        after,
        productId -> {
          var membershipStatus = standing(userId, productId);
          return membershipStatus == null || goesOn.test(membershipStatus);
        });
  }

  /** Returns a user's membership in a product; null if the user is not a member. */
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

  /** Returns members of a product, by userId, after the given one, up to a maximum. */
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
   * Returns users to whom products give a source, by userId, after the given one, up to a maximum.
   * Deactivated ones are among them, so that the work of one call is bounded.
   *
   * @param sourceType of the source; empty for every type with that id
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
              isBehind(entry.getKey()),
              isDeactivated(entry.getKey())));
    }
    return found;
  }

  private boolean isBehind(String userId) {
    return user(userId) != null
        || !sweepStore.isEmpty()
            && memberships.productsOf(userId).stream()
                .anyMatch(id -> userSettler.isBehind(userId, id));
  }

  /**
   * Returns the progress of a product's sweep; null if all its members are at its newest revision.
   */
  public @Nullable Progress progress(String productId) {
    var progress = sweepStore.extentOf(productId);
    var sweep = sweepStore.get(productId);
    return progress == null || sweep == null
        ? null
        : new Progress(sweep.target(), progress.membersLeft(), progress.sinceMs());
  }

  /** Returns products that are being swept, by productId, up to a maximum. */
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

  /** Returns the number of products being swept. */
  public long sweepCount() {
    return sweepStore.summary().count();
  }

  /**
   * Returns the commands that updates would cause if they arrived now; changes nothing.
   *
   * @param partition of the task
   * @param workMax maximum number of members and commands to compute
   * @param listMax maximum number of listed commands
   * @throws InconsistentReadException if the state changed meanwhile; then it is asked again
   */
  public PreviewResult preview(
      List<AccessUpdate> updates, int partition, int workMax, int listMax) {
    try {
      return new PreviewRun(TaskStores.above(stores), partition, workMax, listMax).run(updates);
    } catch (InconsistentReadException e) {
      throw e;
    } catch (IllegalStateException e) {
      // The task's thread changed the state between two reads; for that thread it would be a fault.
      throw new InconsistentReadException(String.valueOf(e.getMessage()), e);
    }
  }
}
