package dev.sluice.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceContextTest {
  private static final String PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

  @Test
  void shouldHandOnWhatItRead() {
    var headers =
        new RecordHeaders()
            .add("traceparent", PARENT.getBytes(UTF_8))
            .add("tracestate", "vendor=1".getBytes(UTF_8))
            .add("other", new byte[] {1});

    var trace = TraceHeaders.read(headers);

    assertThat(trace).isEqualTo(new TraceContext(PARENT, "vendor=1"));
    assertThat(TraceHeaders.of(trace).toArray())
        .extracting(header -> header.key() + " " + new String(header.value(), UTF_8))
        .containsExactly("traceparent " + PARENT, "tracestate vendor=1");
  }

  @Test
  void shouldFindNoTraceWhereNoneIsNamed() {
    assertThat(TraceHeaders.read(new RecordHeaders())).isNull();
    assertThat(TraceHeaders.read(new RecordHeaders().add("traceparent", null))).isNull();
    assertThat(TraceHeaders.of(null).toArray()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00",
        "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
      })
  void shouldPassOverWhatNamesNoTrace(String traceparent) {
    assertThat(TraceContext.of(traceparent, "vendor=1")).isNull();
  }

  @Test
  void shouldLeaveOutAStateThatIsTooLongOrUnreadable() {
    var alone = new TraceContext(PARENT, null);

    assertThat(TraceContext.of(PARENT, "v=" + "x".repeat(511))).isEqualTo(alone);
    assertThat(TraceContext.of(PARENT, "v=1\n")).isEqualTo(alone);
    assertThat(TraceContext.of(PARENT, " ")).isEqualTo(alone);
    assertThat(TraceContext.of(PARENT, null)).isEqualTo(alone);
  }
}
