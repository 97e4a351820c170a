package dev.sluice.metrics;

import org.jspecify.annotations.Nullable;

/** The forms in which a scraper can have the metrics. */
public enum ExpositionFormat {
  /** What every version of Prometheus reads. */
  TEXT("text/plain; version=0.0.4; charset=utf-8"),
  /** The standard that came of it. */
  OPEN_METRICS("application/openmetrics-text; version=1.0.0; charset=utf-8");

  private static final String OPEN_METRICS_TYPE = "application/openmetrics-text";

  private final String contentType;

  ExpositionFormat(String contentType) {
    this.contentType = contentType;
  }

  /** The content type of an answer. */
  public String contentType() {
    return contentType;
  }

  /** The one for a request with that Accept header; null for none. */
  public static ExpositionFormat of(@Nullable String accept) {
    return accept != null && accept.contains(OPEN_METRICS_TYPE) ? OPEN_METRICS : TEXT;
  }
}
