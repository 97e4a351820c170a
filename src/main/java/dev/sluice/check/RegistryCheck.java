package dev.sluice.check;

import dev.sluice.avro.AccessCommand;
import dev.sluice.avro.AccessDelivery;
import dev.sluice.avro.AccessResult;
import dev.sluice.avro.ProductEvent;
import dev.sluice.avro.ProductStatus;
import dev.sluice.avro.RequestStatus;
import dev.sluice.avro.UserEvent;
import dev.sluice.config.RegistryKeys;
import dev.sluice.config.SluiceConfig;
import dev.sluice.contract.Topics;
import dev.sluice.registry.RegistryUnavailableException;
import dev.sluice.registry.SubjectCheck;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/** Checks the registry, and the subjects of written records. */
final class RegistryCheck {
  private static final String WHAT = "schema registry";

  private final SluiceConfig config;
  private final Topics topics;
  private final boolean withDelivery;

  RegistryCheck(SluiceConfig config, boolean withDelivery) {
    this.config = config;
    this.withDelivery = withDelivery;
    this.topics = new Topics(config.topicPrefix());
  }

  List<Finding> findings() {
    var findings = new ArrayList<Finding>();
    try (var check = new SubjectCheck(config.serdeConfig())) {
      for (var entry : written().entrySet()) {
        findings.add(subject(check, entry.getKey(), entry.getValue()));
      }
      findings.addFirst(Finding.ok(WHAT, "answers"));
    } catch (ConfigException e) {
      findings.add(
          Finding.warning(
              WHAT, "cannot be checked with a configuration for other serializers", null));
    } catch (RegistryUnavailableException e) {
      findings.add(Finding.failed(WHAT, Finding.quoting(e.getMessage())));
    }
    return findings;
  }

  private Map<String, Schema> written() {
    var written = new LinkedHashMap<String, Schema>();
    written.put(topics.productEvents(), ProductEvent.getClassSchema());
    written.put(topics.userEvents(), UserEvent.getClassSchema());
    written.put(topics.accessCommands(), AccessCommand.getClassSchema());
    written.put(topics.productStatus(), ProductStatus.getClassSchema());
    written.put(topics.requestStatus(), RequestStatus.getClassSchema());
    if (withDelivery) {
      written.put(topics.accessResults(), AccessResult.getClassSchema());
      written.put(topics.accessDelivery(), AccessDelivery.getClassSchema());
    }
    return written;
  }

  private Finding subject(SubjectCheck check, String topic, Schema schema) {
    SubjectCheck.Seen seen;
    try {
      seen = check.of(topic, schema);
    } catch (RegistryUnavailableException e) {
      throw e;
    } catch (KafkaException e) {
      return failed(topic, "values of " + topic, Finding.quoting(e.getMessage()), null);
    }
    var what = "subject " + seen.subject();
    return switch (seen.state()) {
      case THERE -> Finding.ok(what, "holds " + schema.getFullName());
      case REGISTRABLE -> Finding.ok(what, "takes " + schema.getName() + " with the first write");
      case MISSING ->
          failed(
              topic,
              what,
              "has no " + schema.getFullName(),
              "register avro/%s.avsc there, or set %s=true"
                  .formatted(schema.getName(), RegistryKeys.AUTO_REGISTER.key()));
      case INCOMPATIBLE ->
          failed(
              topic,
              what,
              "contains schemas that are incompatible with " + schema.getFullName(),
              "find the other writer; set topic.prefix, or %s, for subjects of your own"
                  .formatted(RegistryKeys.SUBJECT_NAME_STRATEGY.key()));
    };
  }

  /** Sluice itself writes no events and no results. */
  private Finding failed(String topic, String what, String text, @Nullable String remedy) {
    return new Finding(
        what,
        topics.isInput(topic) || topic.equals(topics.accessResults())
            ? Finding.Verdict.WARNING
            : Finding.Verdict.FAILED,
        text,
        remedy);
  }
}
