package dev.sluice.dev.embedded;

import java.nio.file.Path;
import java.util.Properties;

/** Settings of a broker that is its own controller, alone in its cluster, on loopback. */
final class BrokerProperties {
  static final int NODE_ID = 1;
  static final String CONTROLLER_LISTENER = "CONTROLLER";
  private static final String SESSION_TIMEOUT_MS = "10000";
  private static final String BROKER_LISTENER = "BROKER";

  private BrokerProperties() {}

  static Properties of(Path logs, Ports ports, int partitions, long startupMsMax) {
    String broker = BROKER_LISTENER + "://" + Ports.HOST + ":" + ports.broker();
    String controller = CONTROLLER_LISTENER + "://" + Ports.HOST + ":" + ports.controller();
    var p = new Properties();
    p.put("process.roles", "broker,controller");
    p.put("node.id", String.valueOf(NODE_ID));
    p.put("controller.quorum.voters", NODE_ID + "@" + Ports.HOST + ":" + ports.controller());
    p.put("controller.listener.names", CONTROLLER_LISTENER);
    p.put("inter.broker.listener.name", BROKER_LISTENER);
    p.put("listeners", broker + "," + controller);
    p.put("advertised.listeners", broker);
    p.put(
        "listener.security.protocol.map",
        BROKER_LISTENER + ":PLAINTEXT," + CONTROLLER_LISTENER + ":PLAINTEXT");
    p.put("log.dirs", logs.toString());
    p.put("num.partitions", String.valueOf(partitions));
    p.put("auto.create.topics.enable", "false");
    p.put("server.max.startup.time.ms", String.valueOf(startupMsMax));

    // One node: every internal topic has one replica. Few partitions start and stop quickly.
    p.put("default.replication.factor", "1");
    p.put("min.insync.replicas", "1");
    p.put("offsets.topic.replication.factor", "1");
    p.put("offsets.topic.num.partitions", "4");
    p.put("transaction.state.log.replication.factor", "1");
    p.put("transaction.state.log.min.isr", "1");
    p.put("transaction.state.log.num.partitions", "4");
    p.put("share.coordinator.state.topic.replication.factor", "1");
    p.put("share.coordinator.state.topic.min.isr", "1");
    p.put("share.coordinator.state.topic.num.partitions", "1");

    // No other member will join a group, and a metadata write has no others to be batched with.
    p.put("group.initial.rebalance.delay.ms", "0");
    p.put("group.streams.initial.rebalance.delay.ms", "0");
    p.put("group.streams.min.heartbeat.interval.ms", "200");
    p.put("group.streams.heartbeat.interval.ms", "200");
    // Equal to Sluice's setting for the classic protocol, where workers decide.
    p.put("group.streams.min.session.timeout.ms", SESSION_TIMEOUT_MS);
    p.put("group.streams.session.timeout.ms", SESSION_TIMEOUT_MS);
    p.put("controller.quorum.append.linger.ms", "0");

    // The default allocates 128 MB at the start, more than the rest of the broker.
    p.put("log.cleaner.dedupe.buffer.size", String.valueOf(16 << 20));
    return p;
  }
}
