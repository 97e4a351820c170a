package dev.sluice.cli;

import dev.sluice.check.BrokerCheck;
import dev.sluice.config.InvalidConfigException;
import dev.sluice.config.SluiceConfig;
import dev.sluice.startup.StartPreconditions;
import org.apache.kafka.clients.admin.Admin;

/** Connection of commands to Kafka. */
final class KafkaAccess {

  private KafkaAccess() {}

  /**
   * Returns a client of the brokers after their first answer.
   *
   * @throws InvalidConfigException if a port of bootstrap.servers is not Kafka's: the client would
   *     take the answer for the length of a message, and run out of memory
   * @throws dev.sluice.operator.OperatorException if they do not answer within seconds
   */
  static Admin reach(SluiceConfig config) {
    requireKafka(config);
    var admin = StartPreconditions.admin(config);
    try {
      StartPreconditions.reach(admin, config);
    } catch (RuntimeException e) {
      admin.close();
      throw e;
    }
    return admin;
  }

  /** Fails if a port of bootstrap.servers is not Kafka's. */
  static void requireKafka(SluiceConfig config) {
    var strange = BrokerCheck.problem(config);
    if (strange != null) {
      throw new InvalidConfigException(strange);
    }
  }
}
