package dev.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PartsTest {
  private final List<String> closed = new ArrayList<>();
  private final Parts parts = new Parts();

  private void add(String name) {
    parts.add(name, () -> closed.add(name));
  }

  private void addFailing(String name, Exception failure) {
    parts.add(
        name,
        () -> {
          closed.add(name);
          throw failure;
        });
  }

  @Test
  void shouldCloseInTheReverseOfTheStart() {
    add("metrics");
    add("port");
    add("worker");
    assertThat(parts.names()).containsExactly("metrics", "port", "worker");

    parts.close();

    assertThat(closed).containsExactly("worker", "port", "metrics");
  }

  @Test
  void shouldCloseEachPartOnce() {
    add("worker");

    parts.close();
    parts.close();

    assertThat(closed).containsExactly("worker");
  }

  @Test
  void shouldCloseTheOthersWhereOneFails() {
    var first = new IllegalStateException("first");
    add("metrics");
    addFailing("port", new IOException("second"));
    addFailing("worker", first);

    assertThatThrownBy(parts::close)
        .isSameAs(first)
        .satisfies(
            e ->
                assertThat(e.getSuppressed())
                    .singleElement()
                    .satisfies(other -> assertThat(other).hasMessage("cannot close port")));
    assertThat(closed).containsExactly("worker", "port", "metrics");
  }

  @Test
  void shouldKeepTheReasonWhyAStartFailed() {
    var why = new IllegalStateException("no broker");
    var failure = new IllegalStateException("port");
    add("metrics");
    addFailing("port", failure);

    parts.closeAfter(why);

    assertThat(why.getSuppressed()).containsExactly(failure);
    assertThat(closed).containsExactly("port", "metrics");
  }
}
