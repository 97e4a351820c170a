package dev.sluice.query.shard;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.access.MembershipStatus;
import dev.sluice.access.PreviewResult;
import dev.sluice.access.UserStatus;
import dev.sluice.access.stage.AccessReader.Holder;
import dev.sluice.access.stage.AccessReader.Member;
import dev.sluice.access.stage.AccessReader.Progress;
import dev.sluice.access.stage.AccessReader.Sweeping;
import dev.sluice.query.model.PartialList;
import dev.sluice.streams.InconsistentReadException;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The calls' arguments, and the failures of a shard; their form is held by {@link CallFormTest}.
 */
class ShardCallsTest {

  /** Answers one call alone. */
  private record Standings(Supplier<List<MembershipStatus>> answer) implements UserShard {
    @Override
    public List<MembershipStatus> standings(String userId, List<String> productIds) {
      return answer.get();
    }

    @Override
    public PartialList<MembershipStatus> standingsAfter(String userId, String after, int max) {
      throw new UnsupportedOperationException();
    }

    @Override
    public @Nullable UserStatus user(String userId) {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<Member> members(String productId, String after, int max) {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<Holder> holders(String sourceId, String sourceType, String after, int max) {
      throw new UnsupportedOperationException();
    }

    @Override
    public @Nullable Progress progress(String productId) {
      return null;
    }

    @Override
    public List<Sweeping> sweeping(int max) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long sweeps() {
      throw new UnsupportedOperationException();
    }

    @Override
    public PreviewResult preview(List<byte[]> updates) {
      throw new UnsupportedOperationException();
    }
  }

  private static String answer(String call, String arguments) {
    return new String(
        ShardCalls.answer(new Standings(List::of), 0, call, arguments.getBytes(UTF_8)), UTF_8);
  }

  private static ShardAsker<UserShard> guarded(Supplier<List<MembershipStatus>> answer) {
    return ShardAsker.guarded(new Standings(answer), ShardKind.USERS, 3);
  }

  private static List<MembershipStatus> ask(ShardAsker<UserShard> asker) {
    return new UserShardClient(asker).standings("ana", List.of());
  }

  @Test
  void shouldAnswerTheCallsOfTheShardAlone() {
    assertThat(answer("standings", "{\"userId\":\"ana\",\"productIds\":[]}")).isEqualTo("[]");
    assertThat(answer("progress", "{\"productId\":\"p1\"}")).isEqualTo("null");
    for (var call : List.of("hashCode", "getClass", "toString", "wait", "nothing", "lines")) {
      assertThatThrownBy(() -> answer(call, "{}")).isInstanceOf(NoSuchElementException.class);
    }
  }

  @Test
  void shouldRefuseArgumentsOfWrongTypes() {
    for (var arguments :
        List.of(
            "",
            "x",
            "null",
            "[]",
            "{}",
            "[\"ana\",[]]",
            "{\"userId\":\"ana\"}",
            "{\"userId\":null,\"productIds\":[]}",
            "{\"userId\":\"ana\",\"productIds\":null}",
            "{\"userId\":\"ana\",\"productIds\":[null]}",
            "{\"userId\":\"ana\",\"productIds\":1}",
            "{\"userId\":{},\"productIds\":[]}",
            "{\"userId\":\"ana\",\"productIds\":[],\"more\":1}",
            "{\"userId\":\"ana\",\"productIds\":[]}{}")) {
      assertThatThrownBy(() -> answer("standings", arguments))
          .as(arguments)
          .isInstanceOf(IllegalArgumentException.class);
    }
    for (var id : List.of("1e999", "1", "1.5", "true", "[1e999]", "null")) {
      assertThatThrownBy(() -> answer("progress", "{\"productId\":%s}".formatted(id)))
          .as(id)
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(
              () -> answer("standings", "{\"userId\":\"ana\",\"productIds\":[%s]}".formatted(id)))
          .as(id)
          .isInstanceOf(IllegalArgumentException.class);
    }
    for (var max : List.of("99999999999", "null", "1.5", "\"1\"")) {
      assertThatThrownBy(
              () ->
                  answer(
                      "members", "{\"productId\":\"p\",\"after\":\"\",\"max\":%s}".formatted(max)))
          .as(max)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void shouldSayWhichShardIsMissingWhenItsStoreIsTakenAway() {
    var gone =
        guarded(
            () -> {
              throw new InvalidStateStoreException("closed");
            });

    assertThatThrownBy(() -> ask(gone))
        .isInstanceOfSatisfying(
            ShardUnavailableException.class, e -> assertThat(e.part()).isEqualTo("users-3"));
    var other = List.of(new MembershipStatus("p", 1, true, false, 1));
    assertThat(ask(ShardAsker.either(gone, () -> guarded(() -> other)))).isEqualTo(other);
  }

  @Test
  void shouldRetryAChangedReadALimitedNumberOfTimes() {
    var reads = new AtomicInteger();
    var settles =
        guarded(
            () -> {
              if (reads.incrementAndGet() < 3) {
                throw new InconsistentReadException("index names a missing request");
              }
              return List.of();
            });

    assertThat(ask(settles)).isEmpty();
    assertThat(reads).hasValue(3);
    reads.set(0);
    var broken =
        guarded(
            () -> {
              reads.incrementAndGet();
              throw new InconsistentReadException("broken");
            });
    assertThatThrownBy(() -> ask(broken)).hasMessage("broken");
    assertThat(reads).hasValue(5);
  }

  @Test
  void shouldNotTakeABrokenInvariantForARace() {
    var reads = new AtomicInteger();
    var broken =
        guarded(
            () -> {
              reads.incrementAndGet();
              throw new IllegalStateException("no request counted as PENDING");
            });

    assertThatThrownBy(() -> ask(broken)).hasMessage("no request counted as PENDING");
    assertThat(reads).hasValue(1);
  }

  @Test
  void shouldRefuseAnAnswerThatIsNoneOfTheCall() {
    var lost = ShardCalls.users((call, arguments) -> "null".getBytes(UTF_8));
    assertThatThrownBy(() -> lost.standings("ana", List.of()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Standings");
    assertThat(lost.progress("p1")).isNull();
    var broken = ShardCalls.users((call, arguments) -> "{".getBytes(UTF_8));
    assertThatThrownBy(() -> broken.standings("ana", List.of()))
        .hasMessage("another worker's answer to standings is not readable");
  }
}
