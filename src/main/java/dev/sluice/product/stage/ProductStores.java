package dev.sluice.product.stage;

import dev.sluice.avro.internal.StoredDeletion;
import dev.sluice.avro.internal.StoredProduct;
import dev.sluice.avro.internal.StoredProductCounters;
import dev.sluice.avro.internal.StoredRequest;
import dev.sluice.keys.StoreKeys;
import dev.sluice.product.AccessRequest;
import dev.sluice.product.ExpirySchedule;
import dev.sluice.product.Product;
import dev.sluice.product.Requests;
import dev.sluice.serde.SingleObjectSerde;
import dev.sluice.streams.CommitHook;
import dev.sluice.update.AccessUpdate.Trigger;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;

/** The product stage's state. */
final class ProductStores {
  /** productId → product. */
  static final String PRODUCTS = "products";

  /** productId → the counters of a product, which every request changes. */
  static final String COUNTERS = "product-counters";

  /** productId|requestId → request. */
  static final String REQUESTS = "requests";

  /**
   * Index of granted requests: productId|userId|requestId of APPROVED requests,
   * productId||userId|end|requestId of EXPIRED ones, and productId|||userId|requestId of SCHEDULED
   * ones. The EXPIRED ones are apart and sorted by their ends, so that no scan covers requests that
   * ended long ago. No id is empty.
   */
  static final String APPROVED = "approved-requests";

  /**
   * time|kind|productId|requestId of due entries; after all times, under {@link
   * StoreKeys#EVENT_READ}, the offset of the last event, and {@link StoreKeys#COUNTERS_APART}.
   */
  static final String DUE = "due";

  /** productId → the deletion whose requests are still being removed. */
  static final String DELETIONS = "deletions";

  /** Runs {@link UncommittedProducts#write} before a commit; has no content. */
  static final String COMMIT = "product-stage-commit";

  private static final byte[] PRESENT = {};

  private final ProcessorContext<?, ?> context;
  private final StageOutput stageOutput;
  private final KeyValueStore<String, StoredProduct> products;
  private final KeyValueStore<String, StoredProductCounters> counters;
  private final KeyValueStore<String, StoredRequest> requests;
  private final KeyValueStore<String, byte[]> approved;
  private final DecodedProducts decoded = new DecodedProducts();
  private final UncommittedProducts uncommitted = new UncommittedProducts(this::storeCounters);
  private final ApprovedUsers approvedUsers;
  private final StoredRequests.LastRead lastRead = new StoredRequests.LastRead();
  private final DueIndex due;
  private final KeyValueStore<String, byte[]> position;
  private final KeyValueStore<String, StoredDeletion> deletions;
  private final ExpirySchedule expirySchedule;
  private final TaskStatistics statistics = new TaskStatistics();
  private final ProductCounter counter;

  /** Whether the state says that counters are stored apart. */
  private boolean countersApart;

  ProductStores(
      ProcessorContext<?, ?> context, StageOutput stageOutput, ExpirySchedule expirySchedule) {
    this.context = context;
    this.stageOutput = stageOutput;
    products = context.getStateStore(PRODUCTS);
    counters = context.getStateStore(COUNTERS);
    requests = context.getStateStore(REQUESTS);
    approved = context.getStateStore(APPROVED);
    approvedUsers = new ApprovedUsers(approved);
    position = context.getStateStore(DUE);
    due = new DueIndex(position, statistics);
    deletions = context.getStateStore(DELETIONS);
    this.expirySchedule = expirySchedule;
    counter = new ProductCounter(products, this::current, statistics);
    countersApart = position.get(StoreKeys.COUNTERS_APART) != null;
    requireCounters();
    CommitHook commit = context.getStateStore(COMMIT);
    commit.set(context, () -> uncommitted.write(context.currentSystemTimeMs()));
  }

  /**
   * Fails if the counters are lost. Those in the products' own records are older, and are valid
   * only if this version has not stored any yet.
   */
  private void requireCounters() {
    if (!countersApart) {
      return;
    }
    try (var entries = counters.all()) {
      if (!entries.hasNext()) {
        throw new IllegalStateException(
            "the counters of this task's products are lost: store "
                + COUNTERS
                + " is empty, though the task has stored some. Its changelog was deleted or"
                + " emptied. Stop all workers, and restore the topic from a backup, or begin anew:"
                + " docs/runbook.md, section Counters of products are lost");
      }
    }
  }

  static Set<StoreBuilder<?>> builders(Function<String, KeyValueBytesStoreSupplier> kind) {
    var text = Serdes.String();
    return Set.of(
        Stores.keyValueStoreBuilder(
            kind.apply(PRODUCTS), text, new SingleObjectSerde<>(StoredProduct.class)),
        Stores.keyValueStoreBuilder(
            kind.apply(COUNTERS), text, new SingleObjectSerde<>(StoredProductCounters.class)),
        CommitHook.builder(COMMIT),
        Stores.keyValueStoreBuilder(
            kind.apply(REQUESTS), text, new SingleObjectSerde<>(StoredRequest.class)),
        Stores.keyValueStoreBuilder(kind.apply(APPROVED), text, Serdes.ByteArray()),
        // Written with every event, but only the value at a commit matters.
        Stores.keyValueStoreBuilder(kind.apply(DUE), text, Serdes.ByteArray()).withCachingEnabled(),
        Stores.keyValueStoreBuilder(
            kind.apply(DELETIONS), text, new SingleObjectSerde<>(StoredDeletion.class)));
  }

  /** Records that the event at that offset is processed. */
  void read(long offset) {
    position.put(StoreKeys.EVENT_READ, ByteBuffer.allocate(Long.BYTES).putLong(offset).array());
  }

  /** Returns a product with its latest counters; null if there is none. */
  @Nullable Product product(String productId) {
    var cached = decoded.get(productId);
    if (cached != null) {
      return cached;
    }
    var stored = products.get(productId);
    if (stored == null) {
      return null;
    }
    var product = current(productId, stored);
    decoded.put(product);
    return product;
  }

  /**
   * Returns a stored product with its latest counters. A status that waited when its task ended is
   * due at once.
   */
  private Product current(String productId, StoredProduct stored) {
    var changed = uncommitted.get(productId);
    if (changed != null) {
      return changed;
    }
    var kept = counters.get(productId);
    var product = ProductAvro.product(productId, stored, kept);
    var waiting = kept == null ? null : kept.getWaitingStatus();
    if (waiting != null && !uncommitted.isWaiting(productId)) {
      var trigger = new Trigger(waiting.getCauseEventId(), waiting.getOccurredAt());
      uncommitted.status(
          product,
          new UncommittedProducts.Status(
              trigger, stageOutput.laterUntraced(product, trigger, context.currentSystemTimeMs())));
    }
    return product;
  }

  /**
   * Stores a product: its definition now if that has changed, its counters at the commit.
   *
   * @param before the stored product; null if there was none
   */
  void put(@Nullable Product before, Product product) {
    if (before == null || !before.definition().equals(product.definition())) {
      products.put(product.productId(), ProductAvro.stored(product));
    }
    if (!countersApart) {
      position.put(StoreKeys.COUNTERS_APART, PRESENT);
      countersApart = true;
    }
    decoded.put(product);
    uncommitted.put(product, context.currentSystemTimeMs());
    counter.changed(before, product);
  }

  private void storeCounters(Product product, @Nullable Trigger waiting) {
    counters.put(product.productId(), ProductAvro.counters(product, waiting));
  }

  /** Has the status of a product published at a commit, unless a later one takes its place. */
  void status(Product product, Trigger trigger, long timestamp) {
    uncommitted.status(
        product,
        new UncommittedProducts.Status(
            trigger, stageOutput.laterProduct(product, trigger, timestamp)));
  }

  /** The status of a product has just been published. */
  void published(Product product) {
    uncommitted.published(product, context.currentSystemTimeMs());
  }

  /** Has statuses that waited published at the next commit, if their time has come. */
  void wakeStatuses(long nowMs) {
    uncommitted.wake(nowMs);
  }

  /** Returns the task's statistics, always the same object. */
  TaskStatistics statistics() {
    return statistics;
  }

  /** Reads the first portion of what the task found at its start, unless that has been done. */
  void beginReading() {
    counter.begin();
    approvedUsers.begin();
  }

  /** Reads one more portion of what the task found at its start. */
  void readOn() {
    counter.count();
    approvedUsers.read();
  }

  /** Stores a request and updates the indexes. */
  void put(String productId, AccessRequest request) {
    var before = requestsOf(productId).find(request.requestId());
    lastRead.forget();
    index(productId, before, request);
    requests.put(StoreKeys.request(productId, request.requestId()), ProductAvro.stored(request));
  }

  /** Removes a request and its index entries. */
  void remove(String productId, AccessRequest request) {
    lastRead.forget();
    index(productId, request, null);
    requests.delete(StoreKeys.request(productId, request.requestId()));
  }

  private void index(
      String productId, @Nullable AccessRequest before, @Nullable AccessRequest after) {
    var approvedBefore = StoredRequests.approvedKey(productId, before);
    var approvedAfter = StoredRequests.approvedKey(productId, after);
    if (!Objects.equals(approvedBefore, approvedAfter)) {
      if (approvedBefore != null) {
        approved.delete(approvedBefore);
      }
      if (approvedAfter != null) {
        approved.put(approvedAfter, PRESENT);
        approvedUsers.add(approvedAfter);
      }
    }
    var dueBefore = dueKeys(productId, before);
    var dueAfter = dueKeys(productId, after);
    for (var key : dueBefore) {
      if (!dueAfter.contains(key)) {
        due.remove(key);
      }
    }
    for (var key : dueAfter) {
      if (!dueBefore.contains(key)) {
        due.add(key);
      }
    }
  }

  private List<String> dueKeys(String productId, @Nullable AccessRequest request) {
    return request == null
        ? List.of()
        : expirySchedule.of(request).stream()
            .map(d -> d.key(productId, request.requestId()))
            .toList();
  }

  /** Returns the requests of one product. */
  Requests requestsOf(String productId) {
    return new StoredRequests(productId, requests, approved, lastRead, approvedUsers);
  }

  /**
   * Visits a product's requests one after the other, by requestId, from the given one on. The
   * visitor may remove the current request.
   *
   * @return whether all were visited
   */
  boolean visit(String productId, String fromRequestId, Predicate<AccessRequest> goesOn) {
    return new StoredRequests(productId, requests, approved).visit(fromRequestId, goesOn);
  }

  /** Returns the index of due entries. */
  DueIndex due() {
    return due;
  }

  /** Returns a deletion that is not finished; null if all are. */
  @Nullable String nextDeletion() {
    try (var entries = deletions.all()) {
      return entries.hasNext() ? entries.next().key : null;
    }
  }

  @Nullable StoredDeletion deletion(String productId) {
    return deletions.get(productId);
  }

  void put(String productId, StoredDeletion deletion) {
    deletions.put(productId, deletion);
  }

  void removeDeletion(String productId) {
    deletions.delete(productId);
  }
}
