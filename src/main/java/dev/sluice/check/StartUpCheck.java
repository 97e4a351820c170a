package dev.sluice.check;

import dev.sluice.config.SluiceConfig;
import java.util.ArrayList;

/** Looks at all that a worker needs to start, and goes on after what fails. Changes nothing. */
public final class StartUpCheck {

  private StartUpCheck() {}

  /** Makes all checks. */
  public static Report of(SluiceConfig config) {
    var findings = new ArrayList<Finding>();
    findings.add(Finding.ok("configuration", config.describe().size() + " settings in effect"));
    findings.addAll(new LocalLook(config).findings());
    findings.addAll(new RegistryLook(config).findings());
    var strange = BrokerLook.problem(config);
    if (strange == null) {
      findings.addAll(new ClusterLook(config).findings());
    } else {
      findings.add(Finding.failed("kafka", strange, "a broker's port is 9092 as a rule"));
    }
    return new Report(findings);
  }
}
