package dev.sluice.product.stage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.avro.AccessAction;
import dev.sluice.avro.AccessCommand;
import dev.sluice.avro.CommandReason;
import dev.sluice.avro.internal.StoredDeletion;
import dev.sluice.avro.internal.StoredProductCopy;
import dev.sluice.event.Agreement;
import dev.sluice.event.ApprovalPolicy;
import dev.sluice.event.Expert;
import dev.sluice.limits.SizeLimits;
import dev.sluice.product.AccessRequest;
import dev.sluice.product.Decision.RequestChange;
import dev.sluice.product.ExpiryNotice;
import dev.sluice.product.MemberCounts;
import dev.sluice.product.Product;
import dev.sluice.product.ProductHistory;
import dev.sluice.product.ProductState;
import dev.sluice.product.RecordSize;
import dev.sluice.product.RequestCounts;
import dev.sluice.product.RequestState;
import dev.sluice.product.SeenEvents;
import dev.sluice.serde.SingleObjectSerde;
import dev.sluice.update.AccessUpdate.ProductRevised;
import dev.sluice.update.AccessUpdate.Trigger;
import dev.sluice.update.SourceRef;
import dev.sluice.update.wire.UpdateAvro;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.avro.specific.SpecificRecordBase;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The bound of a record's size, against what Avro writes. */
public class RecordSizeTest {
  private static final int MEBIBYTE = 1 << 20;
  private static final long DISTANT = Long.MAX_VALUE / 2;

  /** The largest id in bytes. */
  private static final String LONG_ID = "日".repeat(SizeLimits.ID_CHARS);

  /** What the numbers of a record take at most, and what names its schema. */
  private static final long NUMBERS = 100;

  static LongStream seeds() {
    return LongStream.range(0, 150);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void shouldBeAboveEveryRecordOfAProductAndNotByMuch(long seed) {
    var product = new Some(seed).product();

    var stored = encoded(ProductAvro.stored(product));

    var size = RecordSize.of(product);
    assertThat(size)
        .isGreaterThanOrEqualTo(stored)
        .isGreaterThanOrEqualTo(largestMessageOf(product))
        .isGreaterThanOrEqualTo(encoded(ProductAvro.stored(product.deleted(DISTANT))));
    // Texts are counted to the byte.
    var alone = encoded(ProductAvro.stored(product.with(RequestCounts.NONE, MemberCounts.NONE)));
    assertThat(size - alone + encodedId())
        .isBetween(RecordSize.ENVELOPE - NUMBERS, (long) RecordSize.ENVELOPE);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void shouldBeAboveEveryRecordOfARequestAndNotByMuch(long seed) {
    var request = new Some(seed).request();

    var stored = encoded(ProductAvro.stored(request));

    var size = RecordSize.of(request);
    assertThat(size).isGreaterThanOrEqualTo(stored).isGreaterThanOrEqualTo(statusOf(request));
    // An approval's numbers take up to 40 bytes, and are counted with so many.
    var numbers = 40L * request.approvals().size();
    var approvals =
        request.approvals().stream()
            .mapToLong(a -> 44 + 3L * (a.approver().length() + a.eventId().length()))
            .sum();
    assertThat(size - stored + 2L * encodedId() + Math.min(RecordSize.SPARE, approvals))
        .isBetween(RecordSize.ENVELOPE - NUMBERS - numbers, RecordSize.ENVELOPE + numbers);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void shouldBeAboveEveryStoredRequestWithItsHistoryAndNotByMuch(long seed) {
    var request =
        new Some(seed)
            .request()
            .decided(RequestState.DENIED, "日".repeat(90), DISTANT, "no")
            .decided(RequestState.REVOKED, null, DISTANT, "日".repeat(2_000));

    var stored = encoded(ProductAvro.stored(request));

    assertThat(RecordSize.stored(request)).isBetween((long) stored, stored + 24 * NUMBERS);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void shouldBeAboveEveryRecordOfADeletionAndNotByMuch(long seed) {
    var some = new Some(seed);
    var by = some.text();
    var reason = some.text();
    var canceled =
        AccessRequest.pending(LONG_ID, LONG_ID, some.policy(), DISTANT)
            .decided(RequestState.CANCELED, by, DISTANT, reason);

    var stored = encoded(new StoredDeletion(LONG_ID, DISTANT, by, reason));

    var size = RecordSize.ofDecision(by, reason);
    assertThat(size).isGreaterThanOrEqualTo(stored).isGreaterThanOrEqualTo(statusOf(canceled));
    assertThat(size - stored + encodedId())
        .isBetween(RecordSize.ENVELOPE - NUMBERS, (long) RecordSize.ENVELOPE);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void shouldLetWhatIsAcceptedAsAProductBeRequested(long seed) {
    var product = new Some(seed).product();
    var request = AccessRequest.pending("r1", "ana", product.policy(), DISTANT);

    assertThat(RecordSize.of(request)).isLessThanOrEqualTo(RecordSize.of(product));
  }

  @Test
  void shouldLeaveRoomBelowAMebibyteForKeysAndTenThousandPartitionsOfMembers() {
    var partitions = 10_000;
    var members = new MemberCounts(Collections.nCopies(partitions, 134_000_000L));
    var product = ofSize(SizeLimits.STATE, members);

    assertThat(RecordSize.of(product)).isEqualTo(SizeLimits.STATE);
    assertThat(RecordSize.problem(product)).isNull();
    assertThat(encoded(ProductAvro.stored(product))).isLessThan(MEBIBYTE - 4 * LONG_ID.length());
    assertThat(largestMessageOf(product)).isLessThan(MEBIBYTE - 4 * LONG_ID.length());
  }

  @Test
  void shouldNotChangeWithCountersAndMembers() {
    var product = ofSize(SizeLimits.STATE, MemberCounts.NONE);
    var later =
        product
            .with(
                RequestCounts.of(Map.of(RequestState.APPROVED, DISTANT)),
                new MemberCounts(List.of(DISTANT)))
            .accepted(DISTANT, LONG_ID);

    assertThat(RecordSize.of(later)).isEqualTo(RecordSize.of(product));
  }

  private static Product ofSize(int size, MemberCounts members) {
    var sources = new TreeSet<>(List.of(new SourceRef("s1", "x".repeat(size / 2))));
    var empty = product("x".repeat(size / 4), sources, members);
    var missing = (int) (size - RecordSize.of(empty));
    return product("x".repeat(size / 4 + missing), sources, members);
  }

  private static Product product(String name, SortedSet<SourceRef> sources, MemberCounts members) {
    return new Product(
        LONG_ID,
        new Product.Definition(
            ProductState.ACTIVE,
            DISTANT,
            new Product.Details(name, null, List.of(), null),
            sources,
            null,
            List.of(),
            ProductHistory.UNKNOWN),
        new SeenEvents(DISTANT, Long.MIN_VALUE, LONG_ID, List.of()),
        RequestCounts.NONE,
        members);
  }

  /** Of the statuses, revisions, copies and commands. */
  private static int largestMessageOf(Product product) {
    var trigger = new Trigger(LONG_ID, DISTANT);
    var copy = product.copy();
    var partitions = new TreeSet<>(product.members().partitions());
    partitions.add(0);
    var revised =
        new ProductRevised(
            LONG_ID, trigger, copy, false, partitions, product.members().perPartition());
    return Collections.max(
        List.of(
            encoded(ProductAvro.status(product, trigger)),
            encoded(ProductAvro.status(product.deleted(DISTANT), trigger)),
            encoded(UpdateAvro.toAvro(revised)),
            encoded(
                new StoredProductCopy(
                    copy.revision(),
                    copy.active(),
                    UpdateAvro.sources(copy.sources()),
                    false,
                    trigger.eventId(),
                    DISTANT,
                    DISTANT,
                    DISTANT,
                    "0".repeat(55),
                    "s".repeat(512))),
            product.sources().stream()
                .mapToInt(s -> encoded(command(s.sourceId(), s.sourceType())))
                .max()
                .orElse(0)));
  }

  private static AccessCommand command(String sourceId, String sourceType) {
    return new AccessCommand(
        AccessAction.REVOKE,
        LONG_ID,
        sourceId,
        sourceType,
        LONG_ID,
        CommandReason.OTHER,
        "expiry:" + LONG_ID,
        DISTANT,
        Instant.ofEpochMilli(DISTANT),
        0);
  }

  private static int encodedId() {
    return 2 + 3 * LONG_ID.length();
  }

  private static int statusOf(AccessRequest request) {
    var change = new RequestChange(request, true, ExpiryNotice.EXPIRES_VERY_SOON);
    return encoded(ProductAvro.status(LONG_ID, change, new Trigger("expiry:" + LONG_ID, DISTANT)));
  }

  @SuppressWarnings("unchecked")
  public static <T extends SpecificRecordBase> int encoded(T value) {
    try (var serializer = new SingleObjectSerde<>((Class<T>) value.getClass()).serializer()) {
      return serializer.serialize("", value).length;
    }
  }

  /** Makes values up. */
  private static final class Some {
    private static final String LETTERS = "aé日𝄞";

    private final Random random;

    /** Texts are up to so long; what has long ones has few of them. */
    private final int length;

    private final int count;

    Some(long seed) {
      random = new Random(seed);
      length = 1 << random.nextInt(15);
      count = 20_000 / length;
    }

    String text() {
      var letters = random.nextInt(LETTERS.length());
      return random
          .ints(random.nextInt(length + 1), 0, letters + 1)
          .mapToObj(i -> i < 3 ? LETTERS.substring(i, i + 1) : "𝄞")
          .collect(Collectors.joining());
    }

    private <T> @Nullable T maybe(Supplier<T> value) {
      return random.nextBoolean() ? value.get() : null;
    }

    private <T> List<T> list(int max, Supplier<T> item) {
      return IntStream.range(0, random.nextInt(max + 1))
          .mapToObj(i -> item.get())
          .collect(Collectors.toCollection(ArrayList::new));
    }

    @Nullable ApprovalPolicy policy() {
      return maybe(
          () ->
              new ApprovalPolicy(
                  maybe(this::text),
                  list(3, this::text),
                  maybe(this::text),
                  list(
                      5,
                      () ->
                          new ApprovalPolicy.Stage(
                              maybe(this::text),
                              list(
                                  5,
                                  () ->
                                      new ApprovalPolicy.Approver(
                                          text(), text(), maybe(this::text)))))));
    }

    private long number() {
      return random.nextLong() >>> (1 + random.nextInt(63));
    }

    Product product() {
      var sources = new TreeSet<SourceRef>();
      list(count, this::text).forEach(id -> sources.add(new SourceRef(id, text())));
      return new Product(
          LONG_ID,
          new Product.Definition(
              ProductState.ACTIVE,
              number(),
              new Product.Details(
                  text(),
                  maybe(this::text),
                  list(3, this::text),
                  maybe(() -> new Expert(text(), maybe(this::text)))),
              sources,
              policy(),
              list(3, () -> new Agreement(text(), maybe(this::text))),
              ProductHistory.UNKNOWN),
          new SeenEvents(maybe(this::number), number(), LONG_ID, List.of()),
          RequestCounts.of(Map.of(RequestState.APPROVED, number(), RequestState.PENDING, number())),
          new MemberCounts(list(100, this::number)));
    }

    AccessRequest request() {
      return new AccessRequest(
          LONG_ID,
          LONG_ID,
          List.of(RequestState.values()).get(random.nextInt(RequestState.values().length)),
          policy(),
          random.nextInt(3),
          number(),
          maybe(this::text),
          maybe(this::number),
          maybe(this::number),
          maybe(this::number),
          maybe(this::number),
          maybe(this::text),
          maybe(this::number),
          maybe(() -> ExpiryNotice.EXPIRES_SOON),
          list(
              6,
              () ->
                  new AccessRequest.Approval(
                      random.nextInt(9),
                      someId(),
                      someId(),
                      random.nextBoolean(),
                      maybe(this::number),
                      maybe(this::number),
                      maybe(this::number))),
          List.of());
    }

    private String someId() {
      return LONG_ID.substring(random.nextInt(LONG_ID.length()));
    }
  }
}
