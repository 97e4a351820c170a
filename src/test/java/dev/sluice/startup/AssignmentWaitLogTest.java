package dev.sluice.startup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;

class AssignmentWaitLogTest {
  private boolean hasWork;
  private long nowNs;

  private final AssignmentWaitLog look =
      new AssignmentWaitLog(unasked(), "g", () -> hasWork, () -> nowNs, text -> fail(text));

  private static Admin unasked() {
    return (Admin)
        java.lang.reflect.Proxy.newProxyInstance(
            Admin.class.getClassLoader(),
            new Class<?>[] {Admin.class},
            (proxy, method, args) -> {
              throw new AssertionError("asked " + method);
            });
  }

  private boolean after(int seconds) {
    nowNs += Duration.ofSeconds(seconds).toNanos();
    return look.isDue();
  }

  @Test
  void shouldSayWhatItWaitsForAfterAWhileAndThenNowAndThen() {
    assertThat(after(0)).isFalse();
    assertThat(after(4)).isFalse();
    assertThat(after(2)).isTrue();
    assertThat(after(20)).isFalse();
    assertThat(after(20)).isTrue();
  }

  @Test
  void shouldSayNothingWhereItHasItsWork() {
    after(0);
    hasWork = true;
    assertThat(after(10)).isFalse();
    hasWork = false;
    assertThat(after(10)).as("it waits from now on").isFalse();
    assertThat(after(6)).isTrue();
  }

  @Test
  void shouldNameTheMembers() {
    assertThat(AssignmentWaitLog.sentence("g", List.of("g-1", "g-2")))
        .startsWith(
            "waiting until group g has assigned its partitions among its members g-1, g-2;");
    assertThat(AssignmentWaitLog.sentence("g", List.of()))
        .startsWith(
            "waiting until group g has assigned its partitions; threads of a killed worker");
  }
}
