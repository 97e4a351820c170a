package dev.sluice.config;

import org.apache.kafka.common.config.ConfigDef.Type;

/** Settings about what the worker answers over HTTP. */
public final class HttpKeys {
  static final String GROUP = "HTTP";

  public static final String PORT_CONFIG = "http.port";
  static final int PORT_DEFAULT = 8080;
  static final String PORT_DOC =
      "The port on which `run` answers `/health`, `/health/live`, `/health/ready`, `/metrics`,"
          + " `/info`, and the [API](api.md) under `/v1`; 0 takes any that is free, which is"
          + " logged, -1 none.";

  public static final String HOST_CONFIG = "http.host";
  static final String HOST_DEFAULT = "0.0.0.0";
  static final String HOST_DOC =
      "The address on which that port is opened. The default is every address of the machine, since"
          + " Prometheus and Kubernetes come from outside. What is answered to all can only be"
          + " read, and holds no secret, no user and no product, but the names of brokers and"
          + " folders do stand in `/info`; `/v1` asks for a token, or answers this machine alone."
          + " `127.0.0.1` keeps all of it on the machine.";

  public static final String LAG_RECORDS_MAX_CONFIG = "health.lag.records.max";
  static final long LAG_RECORDS_MAX_DEFAULT = 10_000;
  static final String LAG_RECORDS_MAX_DOC =
      "How many records of its own partitions a worker may have left to process while"
          + " `/health/ready` calls it ready.";

  public static final String CONNECTIONS_MAX_CONFIG = "http.connections.max";
  static final int CONNECTIONS_MAX_DEFAULT = 400;
  static final String CONNECTIONS_MAX_DOC =
      "How many connections the port has open at once. One address alone may have half of them, the"
          + " next one half of the rest, and so on; of IPv6 a /64 network counts as one address."
          + " Beyond that, a new connection takes the place of the oldest one without a request, or"
          + " is closed where there is none. Each takes some 30 KB of heap.";

  public static final String IDLE_TIMEOUT_MS_CONFIG = "http.idle.timeout.ms";
  static final long IDLE_TIMEOUT_MS_DEFAULT = 30_000;
  static final String IDLE_TIMEOUT_MS_DOC =
      "How long a connection may be open, in milliseconds, without a request whose header is"
          + " complete, the handshake of TLS included; then it is closed, however slowly the header"
          + " goes on coming. One on which not a byte has come is closed after 5 seconds, or"
          + " sooner.";

  private static final int CONNECTIONS_LIMIT = 100_000;
  private static final int IDLE_TIMEOUT_MS_MAX = 600_000;
  private static final int PORT_MAX = 65_535;

  private HttpKeys() {}

  static void define(SluiceConfigDef def) {
    def.group(GROUP)
        .add(PORT_CONFIG, Type.INT, PORT_DEFAULT, Allowed.minusOneOrBetween(0, PORT_MAX), PORT_DOC)
        .add(
            HOST_CONFIG,
            Type.STRING,
            HOST_DEFAULT,
            Allowed.anything("a name or an address of this machine"),
            HOST_DOC)
        .add(
            CONNECTIONS_MAX_CONFIG,
            Type.INT,
            CONNECTIONS_MAX_DEFAULT,
            Allowed.between(1, CONNECTIONS_LIMIT),
            CONNECTIONS_MAX_DOC)
        .add(
            IDLE_TIMEOUT_MS_CONFIG,
            Type.LONG,
            IDLE_TIMEOUT_MS_DEFAULT,
            Allowed.between(1, IDLE_TIMEOUT_MS_MAX),
            IDLE_TIMEOUT_MS_DOC)
        .add(
            LAG_RECORDS_MAX_CONFIG,
            Type.LONG,
            LAG_RECORDS_MAX_DEFAULT,
            Allowed.between(0, Long.MAX_VALUE),
            LAG_RECORDS_MAX_DOC);
  }
}
