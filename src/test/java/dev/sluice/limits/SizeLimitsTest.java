package dev.sluice.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** The inequalities between the limits; the sizes of real records stand with what makes them. */
class SizeLimitsTest {
  /** Kafka's overhead of a batch with one record. */
  private static final int BATCH = 100;

  /** The headers that a rejected event gets, and the longest of their names. */
  private static final int REJECTED_HEADERS = 10;

  private static final int HEADER_NAME = 64;

  @Test
  void idFitsIntoKey() {
    assertThat(SizeLimits.ID).isLessThanOrEqualTo(SizeLimits.EVENT_KEY);
  }

  @Test
  void eventIsReadKeptAndHasRoomInItsTopic() {
    assertThat(SizeLimits.EVENT).isLessThanOrEqualTo(SizeLimits.EVENT_READ);
    assertThat(SizeLimits.EVENT_PUBLISHED)
        .isGreaterThanOrEqualTo(SizeLimits.EVENT + SizeLimits.EVENT_KEY + BATCH)
        .isLessThanOrEqualTo(SizeLimits.REJECTED_KEPT)
        .isLessThanOrEqualTo(SizeLimits.EVENTS_TOPIC);
    assertThat(SizeLimits.EVENTS_TOPIC)
        .isGreaterThanOrEqualTo(SizeLimits.EVENT_READ + SizeLimits.EVENT_KEY + BATCH);
  }

  @Test
  void rejectedEventHasRoomForItsHeadersInItsTopic() {
    assertThat(
            SizeLimits.REJECTED_KEPT
                + REJECTED_HEADERS * (HEADER_NAME + 3 * (SizeLimits.REJECTED_HEADER_CHARS + 100)))
        .isLessThanOrEqualTo(SizeLimits.REJECTED);
    assertThat(SizeLimits.REJECTED + BATCH).isLessThanOrEqualTo(SizeLimits.REJECTED_TOPIC_MIN);
    assertThat(SizeLimits.REJECTED_TOPIC_MIN).isLessThanOrEqualTo(SizeLimits.WRITTEN);
  }

  @Test
  void stateHasRoomToGrowInEveryOutputTopic() {
    assertThat(SizeLimits.STATE + SizeLimits.STATE_GROWTH + 4 * SizeLimits.ID + BATCH)
        .isLessThanOrEqualTo(SizeLimits.OUTPUT_TOPIC_MIN);
    assertThat(SizeLimits.OUTPUT_TOPIC_MIN).isLessThanOrEqualTo(SizeLimits.WRITTEN);
  }

  @Test
  void bodyHoldsEvents() {
    assertThat(SizeLimits.HTTP_BODY)
        .isGreaterThanOrEqualTo(SizeLimits.EVENT)
        .isLessThanOrEqualTo(SizeLimits.HTTP_BODY_MAX);
  }

  @Test
  void callHoldsAnEventOfTheMostElements() {
    assertThat(SizeLimits.ELEMENTS_OF_CALL).isGreaterThanOrEqualTo(SizeLimits.ELEMENTS);
  }

  /** Sources with ids of eighty characters: their number is not what is limited. */
  @Test
  void productHoldsTenThousandSources() {
    assertThat(SizeLimits.ELEMENTS).isGreaterThanOrEqualTo(2 * 10_000);
  }

  @Test
  void callBetweenWorkersHoldsIdsOrProduct() {
    // JSON may escape a character of an id to six.
    assertThat(4 * 6 * SizeLimits.ID_CHARS).isLessThanOrEqualTo(SizeLimits.CALL);
    assertThat(2 * SizeLimits.STATE).isLessThanOrEqualTo(SizeLimits.CALL_WITH_PRODUCT);
  }

  @Test
  void documentsNameTheLimits() throws IOException {
    var contract = Files.readString(Path.of("docs", "contract.md"));
    assertThat(contract)
        .contains(
            "takes at most %s bytes before compression".formatted(shown(SizeLimits.EVENT)),
            "and its key at most %s.".formatted(shown(SizeLimits.EVENT_KEY)),
            "are read up to %s bytes".formatted(shown(SizeLimits.EVENT_READ)),
            "max.message.bytes=" + SizeLimits.EVENTS_TOPIC,
            "texts cut to %s characters".formatted(shown(SizeLimits.REJECTED_HEADER_CHARS)),
            "record takes more than %s bytes".formatted(shown(SizeLimits.REJECTED_KEPT)),
            "takes more than %d MiB".formatted(SizeLimits.REJECTED >> 20),
            "larger than %s bytes".formatted(shown(SizeLimits.STATE)),
            "at most %s list elements".formatted(shown(SizeLimits.ELEMENTS)));
    assertThat(Files.readString(Path.of("docs", "api.md")))
        .contains(
            "%s bytes for one event".formatted(shown(SizeLimits.EVENT)),
            "%s in one event, %s in one call"
                .formatted(shown(SizeLimits.ELEMENTS), shown(SizeLimits.ELEMENTS_OF_CALL)),
            "counts as %d bytes more".formatted(SizeLimits.ELEMENT_OVERHEAD));
  }

  private static String shown(int bytes) {
    return String.format(Locale.ROOT, "%,d", bytes);
  }
}
