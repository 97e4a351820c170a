package dev.sluice.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import org.junit.jupiter.api.Test;

class WeightedHistogramTest {
  private final WeightedHistogram histogram = new WeightedHistogram(Metric.COMMAND_LATENCY, 0.1, 1);

  private HistogramSnapshot.HistogramDataPointSnapshot point() {
    return ((HistogramSnapshot) histogram.collect()).getDataPoints().getFirst();
  }

  @Test
  void shouldCountAValueAsOftenAsItCameUp() {
    histogram.record(0.05, 1000);
    histogram.record(0.5, 2);
    histogram.record(7, 1);

    var buckets = point().getClassicBuckets();
    assertThat(buckets.getCount(0)).isEqualTo(1000);
    assertThat(buckets.getCount(1)).isEqualTo(2);
    assertThat(buckets.getCount(2)).isEqualTo(1);
    assertThat(point().getCount()).isEqualTo(1003);
    assertThat(point().getSum()).isEqualTo(50 + 1 + 7);
  }

  @Test
  void shouldCountABoundToItsOwnBucket() {
    histogram.record(0.1, 1);
    histogram.record(1, 1);

    assertThat(point().getClassicBuckets().getCount(0)).isEqualTo(1);
    assertThat(point().getClassicBuckets().getCount(1)).isEqualTo(1);
    assertThat(point().getClassicBuckets().getCount(2)).isZero();
  }

  @Test
  void shouldBeThereBeforeTheFirstValue() {
    assertThat(point().getCount()).isZero();
  }

  @Test
  void shouldBeThereWithALabelThatIsExpected() {
    var delays = new WeightedHistogram(Metric.EXPIRY_DELAY, 1);
    assertThat(((HistogramSnapshot) delays.collect()).getDataPoints()).isEmpty();

    delays.expect("expiry");
    delays.expect("expiry");

    var point = ((HistogramSnapshot) delays.collect()).getDataPoints().getFirst();
    assertThat(point.getLabels().get("kind")).isEqualTo("expiry");
    assertThat(point.getCount()).isZero();
  }
}
