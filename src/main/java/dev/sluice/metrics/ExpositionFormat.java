package dev.sluice.metrics;

import org.jspecify.annotations.Nullable;

/** Formats of the metrics. */
public enum ExpositionFormat {
  /** The format of every Prometheus version. */
  TEXT("text/plain; version=0.0.4; charset=utf-8"),
  /** The OpenMetrics standard, derived from it. */
  OPEN_METRICS("application/openmetrics-text; version=1.0.0; charset=utf-8");

  private static final String OPEN_METRICS_TYPE = "application/openmetrics-text";

  private final String contentType;

  ExpositionFormat(String contentType) {
    this.contentType = contentType;
  }

  /** Returns the content type of an answer. */
  public String contentType() {
    return contentType;
  }

  /** Returns the format for an Accept header; null for no header. */
  public static ExpositionFormat of(@Nullable String accept) {
    return accept != null && accept.contains(OPEN_METRICS_TYPE) ? OPEN_METRICS : TEXT;
  }
}
