package dev.sluice.check;

import dev.sluice.config.SluiceConfig;
import java.util.ArrayList;

/**
 * Runs every check of {@code sluice check}: machine, registry, brokers and cluster. Continues after
 * a failure, and changes nothing. A worker's start uses {@code StartPreconditions} instead, which
 * stops at the first failure.
 */
public final class CheckRunner {

  private CheckRunner() {}

  /** Returns the findings of all checks of a worker. */
  public static CheckReport run(SluiceConfig config) {
    return run(config, false);
  }

  /**
   * Returns the findings of all checks.
   *
   * @param withDelivery whether delivery's needs are checked too
   */
  public static CheckReport run(SluiceConfig config, boolean withDelivery) {
    var findings = new ArrayList<Finding>();
    findings.add(Finding.ok("configuration", config.describe().size() + " settings in effect"));
    findings.addAll(new MachineCheck(config).findings());
    findings.addAll(new RegistryCheck(config, withDelivery).findings());
    var brokerProblem = BrokerCheck.problem(config);
    if (brokerProblem == null) {
      findings.addAll(new ClusterCheck(config, withDelivery).findings());
    } else {
      findings.add(Finding.failed("kafka", brokerProblem, "a broker's port is usually 9092"));
    }
    return new CheckReport(findings);
  }
}
