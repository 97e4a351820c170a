package dev.sluice.cli;

import dev.sluice.check.BrokerCheck;
import dev.sluice.config.InvalidConfigException;
import dev.sluice.config.SluiceConfig;
import dev.sluice.startup.StartChecks;
import org.apache.kafka.clients.admin.Admin;

/** The way of every command to Kafka. */
final class KafkaAccess {

  private KafkaAccess() {}

  /**
   * A client of the brokers, once they have answered.
   *
   * @throws InvalidConfigException when a port of bootstrap.servers is not Kafka's: Kafka's client
   *     would take the answer for the length of a message, and run out of memory
   * @throws dev.sluice.operator.OperatorException when they do not answer within seconds
   */
  static Admin reach(SluiceConfig config) {
    requireKafka(config);
    var admin = StartChecks.admin(config);
    try {
      StartChecks.reach(admin, config);
    } catch (RuntimeException e) {
      admin.close();
      throw e;
    }
    return admin;
  }

  /** Fails where a port of bootstrap.servers is not Kafka's. */
  static void requireKafka(SluiceConfig config) {
    var strange = BrokerCheck.problem(config);
    if (strange != null) {
      throw new InvalidConfigException(strange);
    }
  }
}
