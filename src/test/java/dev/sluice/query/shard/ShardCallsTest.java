package dev.sluice.query.shard;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.access.MembershipStatus;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.junit.jupiter.api.Test;

/**
 * Calls of parts that are elsewhere; that answers come through whole, {@link
 * dev.sluice.query.QueryServiceTest} says.
 */
class ShardCallsTest {

  /** A shard of which the test uses one method. */
  private static UserShard part(
      java.util.function.Supplier<List<MembershipStatus>> membershipStatuss) {
    return (UserShard)
        java.lang.reflect.Proxy.newProxyInstance(
            UserShard.class.getClassLoader(),
            new Class<?>[] {UserShard.class},
            (proxy, method, arguments) -> membershipStatuss.get());
  }

  private static byte[] answer(String call, String arguments) {
    return ShardCalls.answer(UserShard.class, part(List::of), call, arguments.getBytes(UTF_8));
  }

  @Test
  void shouldAnswerOnlyTheCallsOfTheShard() {
    assertThat(answer("standings", "[\"ana\",[]]")).isEqualTo("[]".getBytes(UTF_8));
    for (var call : List.of("hashCode", "getClass", "toString", "wait", "nothing")) {
      assertThatThrownBy(() -> answer(call, "[]")).isInstanceOf(NoSuchElementException.class);
    }
  }

  @Test
  void shouldRefuseArgumentsOfWrongTypes() {
    for (var arguments :
        List.of("", "x", "{}", "[]", "[null]", "[{}]", "[\"ana\",1]", "[[\"ana\"]]")) {
      assertThatThrownBy(() -> answer("standings", arguments))
          .as(arguments)
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> answer("members", "[\"p\",\"\",99999999999]"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void shouldNameTheShardWhoseStoreIsGone() {
    var gone =
        ShardCalls.guarded(
            UserShard.class,
            part(
                () -> {
                  throw new InvalidStateStoreException("closed");
                }),
            ShardKind.USERS,
            3);

    assertThatThrownBy(() -> gone.standings("ana", List.of()))
        .isInstanceOfSatisfying(
            ShardUnavailableException.class, e -> assertThat(e.part()).isEqualTo("users-3"));
    var other = List.of(new MembershipStatus("p", 1, true, false, 1));
    assertThat(
            ShardCalls.either(UserShard.class, gone, () -> part(() -> other))
                .standings("ana", List.of()))
        .isEqualTo(other);
  }

  @Test
  void shouldRetryAChangedReadALimitedNumberOfTimes() {
    var reads = new AtomicInteger();
    var settles =
        ShardCalls.guarded(
            UserShard.class,
            part(
                () -> {
                  if (reads.incrementAndGet() < 3) {
                    throw new IllegalStateException("index names a missing request");
                  }
                  return List.of();
                }),
            ShardKind.USERS,
            0);

    assertThat(settles.standings("ana", List.of())).isEmpty();
    assertThat(reads).hasValue(3);
    var broken =
        ShardCalls.guarded(
            UserShard.class,
            part(
                () -> {
                  throw new IllegalStateException("broken");
                }),
            ShardKind.USERS,
            0);
    assertThatThrownBy(() -> broken.standings("ana", List.of())).hasMessage("broken");
  }
}
