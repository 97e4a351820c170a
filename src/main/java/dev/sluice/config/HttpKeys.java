package dev.sluice.config;

import java.time.Duration;

/** Settings about the HTTP port. */
public final class HttpKeys {
  static final SettingGroup GROUP = new SettingGroup("HTTP");

  public static final Setting<Integer> PORT =
      GROUP
          .integer("http.port", 8080)
          .allowed(SettingValidator.minusOneOrBetween(0, 65_535))
          .doc(
              "The port on which `run` answers `/health`, `/health/live`, `/health/ready`,"
                  + " `/metrics`, `/info`, and the [API](api.md) under `/v1`; 0 takes any that is"
                  + " free, which is logged, -1 none.");

  public static final Setting<String> HOST =
      GROUP
          .text("http.host", "0.0.0.0")
          .allowed(SettingValidator.anything("a name or an address of this machine"))
          .doc(
              "The address on which that port is opened. The default is every address of the"
                  + " machine, since Prometheus and Kubernetes come from outside. What is answered"
                  + " to all can only be read, and holds no secret, no user and no product, but the"
                  + " names of brokers and folders do stand in `/info`; `/v1` asks for a token, or"
                  + " answers this machine alone. `127.0.0.1` keeps all of it on the machine.");

  public static final Setting<Integer> CONNECTIONS_MAX =
      GROUP
          .integer("http.connections.max", 400)
          .between(1, 100_000)
          .doc(
              "How many connections the port has open at once. One address alone may have half of"
                  + " them, the next one half of the rest, and so on; of IPv6 a /64 network counts"
                  + " as one address. Beyond that, a new connection takes the place of the oldest"
                  + " one without a request, or is closed where there is none. Each takes some 30"
                  + " KB of heap.");

  public static final Setting<Duration> IDLE_TIMEOUT =
      GROUP
          .millis("http.idle.timeout.ms", 30_000)
          .between(1, 600_000)
          .doc(
              "How long a connection may be open, in milliseconds, without a request whose header"
                  + " is complete, the handshake of TLS included; then it is closed, however slowly"
                  + " the header goes on coming. One on which not a byte has come is closed after 5"
                  + " seconds, or sooner.");

  public static final Setting<Long> LAG_RECORDS_MAX =
      GROUP
          .number("health.lag.records.max", 10_000)
          .between(0, Long.MAX_VALUE)
          .doc(
              "How many records of its own partitions a worker may have left to process while"
                  + " `/health/ready` calls it ready.");

  private HttpKeys() {}
}
