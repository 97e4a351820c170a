package dev.sluice.check;

import dev.sluice.config.SluiceConfig;
import java.util.ArrayList;

/** Checks everything that a worker needs to start; continues after a failure. Changes nothing. */
public final class StartUpCheck {

  private StartUpCheck() {}

  /** Runs all checks. */
  public static CheckReport of(SluiceConfig config) {
    var findings = new ArrayList<Finding>();
    findings.add(Finding.ok("configuration", config.describe().size() + " settings in effect"));
    findings.addAll(new MachineCheck(config).findings());
    findings.addAll(new RegistryCheck(config).findings());
    var strange = BrokerCheck.problem(config);
    if (strange == null) {
      findings.addAll(new ClusterCheck(config).findings());
    } else {
      findings.add(Finding.failed("kafka", strange, "a broker's port is usually 9092"));
    }
    return new CheckReport(findings);
  }
}
