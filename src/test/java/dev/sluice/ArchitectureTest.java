package dev.sluice;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.sluice.config.SluiceConfig;
import dev.sluice.http.Api;
import dev.sluice.http.ApiObserver;
import dev.sluice.http.HttpPort;
import dev.sluice.metrics.WorkerMetrics;
import dev.sluice.worker.WorkerMonitor;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.junit.jupiter.api.Test;

/** Holds the lines between the packages, and the one around the decisions. */
class ArchitectureTest {
  private static final String OURS = "dev.sluice";

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(OURS);

  /**
   * For each package, the packages of Sluice that it may import, from the lowest layer to the
   * highest. A package may import those that stand above it here, and not all of these. {@code *}
   * stands for all of them. A new package needs a line.
   */
  private static final String MAY_IMPORT =
      """
      text:
      limits:
      keys:
      avro: avro.internal
      avro.internal: avro
      contract: avro
      event: limits text
      serde: contract limits text
      registry: contract limits serde text
      config: limits registry text
      logging:
      operator: config
      update: contract
      update.wire: avro avro.internal keys serde update
      streams: keys
      product: contract event keys limits text update
      user: contract event product update
      access: keys limits update
      delivery: text update
      executor: delivery update
      executor.platform: delivery executor update
      executor.jdbc: delivery executor executor.platform
      event.codec: avro contract event limits serde text
      access.command: access avro contract keys serde streams update
      access.stage: access access.command avro avro.internal contract keys limits serde streams update update.wire
      product.stage: avro avro.internal contract event event.codec keys limits product serde streams text update update.wire
      delivery.stage: avro avro.internal contract delivery event event.codec keys limits serde streams text update
      user.stage: avro.internal contract event event.codec keys product product.stage serde streams update user
      folder: config operator
      failure: event.codec folder operator serde streams
      offsets: config contract failure operator update
      rights: config
      topology: access access.command access.stage avro config contract delivery delivery.stage event.codec failure keys limits operator product product.stage serde streams update update.wire user.stage
      startup: avro config contract failure folder keys limits offsets operator registry rights serde streams topology update
      worker: access access.command config contract delivery.stage failure folder limits offsets operator product.stage serde startup streams text topology update
      client: avro config contract event event.codec failure keys limits offsets operator product registry rights serde text topology update
      query.model: access delivery event product text update
      query.shard: access access.stage delivery delivery.stage keys limits product product.stage query.model streams update update.wire
      query: access access.stage config contract delivery delivery.stage event keys limits offsets product product.stage query.model query.shard streams update update.wire worker
      auth: config limits text
      health: config offsets worker
      metrics: access contract delivery delivery.stage limits offsets product product.stage streams topology update worker
      http: auth client config contract delivery event event.codec health limits metrics product query query.model query.shard text worker
      check: auth avro config contract folder http limits operator registry rights startup text update
      app: *
      cli: *
      dev: *
      """;

  /** The packages that decide, or hold what is decided about: without Kafka, Avro and clocks. */
  private static final Set<String> PURE =
      Set.of(
          "text",
          "limits",
          "keys",
          "event",
          "update",
          "product",
          "user",
          "access",
          "delivery",
          "executor",
          "query.model");

  private static final DescribedPredicate<JavaClass> ARE_PURE =
      describe("are pure", type -> PURE.contains(layer(type)));

  /** The packages of those that run decisions in Kafka Streams: their time comes from Streams. */
  private static final DescribedPredicate<JavaClass> ARE_STAGES =
      describe(
          "are of a stage",
          type ->
              Set.of(
                      "product.stage",
                      "user.stage",
                      "access.stage",
                      "delivery.stage",
                      "update.wire",
                      "streams")
                  .contains(layer(type)));

  /** The package as {@link #MAY_IMPORT} names it; empty for the root. */
  private static String layer(JavaClass type) {
    var name = type.getBaseComponentType().getPackageName();
    if (!name.equals(OURS) && !name.startsWith(OURS + ".")) {
      throw new IllegalArgumentException(type.getName());
    }
    var relative = name.equals(OURS) ? "" : name.substring(OURS.length() + 1);
    return relative.replaceFirst("^(app|cli|dev)\\..*", "$1");
  }

  private static Map<String, Set<String>> mayImport() {
    var layers = new LinkedHashMap<String, Set<String>>();
    for (var line : MAY_IMPORT.lines().toList()) {
      var parts = line.split(": *", 2);
      layers.put(
          parts[0],
          parts[1].isEmpty() ? Set.of() : new TreeSet<>(Arrays.asList(parts[1].split(" "))));
    }
    return layers;
  }

  private static boolean isOurs(Dependency dependency) {
    var name = dependency.getTargetClass().getBaseComponentType().getPackageName();
    return name.equals(OURS) || name.startsWith(OURS + ".");
  }

  @Test
  void importsOnlyThePackagesThatEachMayImport() {
    var layers = mayImport();
    var wrong = new TreeMap<String, String>();
    for (var type : CLASSES) {
      var from = layer(type);
      if (from.isEmpty()) {
        continue; // the entry of the program
      }
      var may = layers.get(from);
      if (may == null) {
        wrong.put(from, "has no line in MAY_IMPORT");
        continue;
      }
      for (var dependency : type.getDirectDependenciesFromSelf()) {
        var to = isOurs(dependency) ? layer(dependency.getTargetClass()) : from;
        if (!to.equals(from) && !may.contains("*") && !may.contains(to)) {
          wrong.put(from + " -> " + to, dependency.getDescription());
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void listsOnlyPackagesThatExist() {
    var found = new TreeSet<String>();
    CLASSES.forEach(type -> found.add(layer(type)));

    assertThat(found).containsAll(mayImport().keySet()).containsAll(PURE);
  }

  @Test
  void decidesWithoutKafkaAndAvro() {
    classes()
        .that(ARE_PURE)
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(
                "java..",
                "com.fasterxml.jackson.annotation",
                "org.jspecify.annotations",
                "dev.sluice.."))
        .check(CLASSES);
  }

  @Test
  void readsNoClockInDecisionsAndStages() {
    noClasses()
        .that(ARE_PURE.or(ARE_STAGES))
        .should()
        .dependOnClassesThat()
        .areAssignableTo(Clock.class)
        .orShould()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(System.class, "nanoTime")
        .check(CLASSES);
  }

  @Test
  void hasNoCyclesBetweenPackages() {
    slices().matching("dev.sluice.(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void listsForEachPackageOnlyThoseOfLowerLayers() {
    var lower = new TreeSet<>(Set.of("avro.internal", "*")); // the two of avro hold each other
    mayImport()
        .forEach(
            (layer, may) -> {
              assertThat(lower).as(layer).containsAll(may);
              lower.add(layer);
            });
  }

  @Test
  void needsForTheContractNothingButAvroAndKafkasHeaders() {
    classes()
        .that()
        .resideInAnyPackage("dev.sluice.avro", "dev.sluice.contract..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..",
            "dev.sluice.avro",
            "dev.sluice.contract..",
            "org.apache.avro..",
            "org.apache.kafka.common.header..",
            "org.jspecify.annotations")
        .check(CLASSES);
  }

  @Test
  void shipsNothingThatIsForDevelopment() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.sluice.dev..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.sluice.dev..")
        .check(CLASSES);
  }

  @Test
  void usesTheBrokersOwnClassesOnlyForDevelopment() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.sluice.dev.embedded..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "kafka..",
            "scala..",
            "org.apache.kafka.controller..",
            "org.apache.kafka.coordinator..",
            "org.apache.kafka.image..",
            "org.apache.kafka.metadata..",
            "org.apache.kafka.raft..",
            "org.apache.kafka.server..",
            "org.apache.kafka.storage..")
        .check(CLASSES);
  }

  @Test
  void changesKafkasProducerInOnePackage() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.sluice.access.command")
        .and(not(resideInAnyPackage("dev.sluice.dev..")))
        .should()
        .beAssignableTo(KafkaProducer.class)
        .check(CLASSES);
  }

  @Test
  void usesTheLibrariesForMetricsHttpAndTokensInOnePackageEach() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.sluice.metrics..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.micrometer..", "io.prometheus..")
        .check(CLASSES);
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.sluice.http..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.javalin..", "org.eclipse.jetty..")
        .check(CLASSES);
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.sluice.auth..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("com.nimbusds..")
        .check(CLASSES);
  }

  @Test
  void makesNoRandomIds() {
    noClasses().should().callMethod(UUID.class, "randomUUID").check(CLASSES);
  }

  @Test
  void exitsOnlyFromTheProgramsEntry() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName("dev.sluice.Sluice")
        .should()
        .callMethod(System.class, "exit", int.class)
        .check(CLASSES);
  }

  /** Keeps texts of others from the terminal as they are. */
  @Test
  void writesToTheTerminalInOnePlace() {
    noClasses()
        .that()
        // The others draw progress; all of their text is their own.
        .haveNameNotMatching(
            "dev\\.sluice\\.(cli\\.(Terminal|ProgressBar)|dev\\.cli\\.ConsoleProgress.*)")
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .orShould()
        .callMethod(picocli.CommandLine.class, "getErr")
        .orShould()
        .callMethod(picocli.CommandLine.class, "getOut")
        .check(CLASSES);
  }

  @Test
  void hasNoPackageUtil() {
    assertThat(CLASSES.stream().map(JavaClass::getPackageName).distinct())
        .noneMatch(name -> name.matches(".*\\.util[^.]*(\\..*)?"));
  }

  @Test
  void shouldStartProcessesOnlyFromTheCommandLineAndMeasurements() {
    noClasses()
        .that()
        .resideOutsideOfPackages("dev.sluice.app..", "dev.sluice.cli..", "dev.sluice.dev..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.sluice.app..")
        .check(CLASSES);
  }

  @Test
  void shouldPutAWorkerTogetherInOnePlace() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.sluice.app..")
        .should()
        .callMethod(HttpPort.class, "open", SluiceConfig.class, List.class)
        .orShould()
        .callMethod(Api.class, "of", SluiceConfig.class, ApiObserver.class)
        .orShould()
        .callConstructor(WorkerMonitor.class, SluiceConfig.class, Consumer.class)
        .orShould()
        .callConstructor(WorkerMetrics.class)
        .check(CLASSES);
  }
}
