package dev.sluice.config;

import java.time.Duration;

/** Settings of the HTTP port. */
public final class HttpKeys {
  static final SettingGroup GROUP = new SettingGroup("HTTP");

  public static final Setting<Integer> PORT =
      GROUP
          .integer("http.port", 8080)
          .allowed(SettingValidator.minusOneOrBetween(0, 65_535))
          .doc(
              "The port on which `run` answers `/health`, `/health/live`, `/health/ready`,"
                  + " `/metrics`, `/info`, and the [API](api.md) under `/v1`. 0 takes any free"
                  + " port and logs the number; -1 opens no port.");

  public static final Setting<String> HOST =
      GROUP
          .text("http.host", "0.0.0.0")
          .allowed(SettingValidator.anything("a name or an address of this machine"))
          .doc(
              "The address on which that port is opened. The default is every address of the"
                  + " machine, since Prometheus and Kubernetes connect from outside. Health,"
                  + " metrics and info are open and read-only. They contain no secret, user or"
                  + " product, but `/info` shows the names of brokers and folders. `/v1` requires a"
                  + " token, or accepts calls from this machine only. `127.0.0.1` restricts"
                  + " everything to this machine.");

  public static final Setting<Integer> CONNECTIONS_MAX =
      GROUP
          .integer("http.connections.max", 400)
          .between(1, 100_000)
          .doc(
              "Maximum number of open connections. One address may have half of them, the next one"
                  + " half of the rest, and so on; an IPv6 /64 network counts as one address."
                  + " Beyond the maximum, a new connection replaces the oldest one without a"
                  + " request; if there is none, the new one is closed. Each takes about 30 KB of"
                  + " heap.");

  public static final Setting<Duration> IDLE_TIMEOUT =
      GROUP
          .millis("http.idle.timeout.ms", 30_000)
          .between(1, 600_000)
          .doc(
              "Maximum time, in milliseconds, that a connection may be open without a complete"
                  + " request header, TLS handshake included. Then the connection is closed, even"
                  + " while parts of the header still arrive. A connection without any byte is"
                  + " closed after 15 seconds, or sooner.");

  public static final Setting<Long> LAG_RECORDS_MAX =
      GROUP
          .number("health.lag.records.max", 10_000)
          .between(0, Long.MAX_VALUE)
          .doc(
              "Maximum number of unprocessed records of its own partitions with which"
                  + " `/health/ready` reports a worker as ready.");

  private HttpKeys() {}
}
