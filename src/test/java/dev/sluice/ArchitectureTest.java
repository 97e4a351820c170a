package dev.sluice;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.sluice.config.SluiceConfig;
import dev.sluice.http.Api;
import dev.sluice.http.ApiObserver;
import dev.sluice.http.HttpPort;
import dev.sluice.metrics.WorkerMetrics;
import dev.sluice.runtime.WorkerWatch;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Holds the lines between the packages, and the one around the decisions. */
class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.sluice");

  /** By package, the classes that decide, and what they decide about. */
  private static final Set<String> PURE =
      Set.of(
          "product.AccessRequest",
          "product.Candidate",
          "product.Candidates",
          "product.Changes",
          "product.Decision",
          "product.Due",
          "product.EventIds",
          "product.ExpiryDecider",
          "product.Heard",
          "product.MemberCounts",
          "product.Notice",
          "product.Places",
          "product.PolicyRules",
          "product.Product",
          "product.ProductDecider",
          "product.ProductPast",
          "product.ProductState",
          "product.Prose",
          "product.RecordSize",
          "contract.RejectionReason",
          "product.RequestCounts",
          "product.RequestDecider",
          "product.RequestState",
          "product.Requests",
          "product.Rules",
          "product.Schedule",
          "product.SourceSet",
          "serde.StoreKeys",
          "text.Cut",
          "text.Visible",
          "contract.TraceContext",
          "access.AccessUpdate",
          "access.CommandReason",
          "access.Foresight",
          "access.Move",
          "access.Origin",
          "access.Revision",
          "access.Settlement",
          "access.Slicing",
          "access.SourceRef",
          "access.Standing",
          "access.Sweep",
          "access.TimedTurns",
          "event.Agreement",
          "event.ApprovalPolicy",
          "event.DataSource",
          "event.Expert",
          "event.Payload",
          "event.ProductEvent",
          "limits.SizeLimits",
          "query.Answer",
          "query.Explain",
          "query.Giving",
          "query.Views");

  private static final DescribedPredicate<JavaClass> ARE_PURE =
      describe("are pure", type -> PURE.contains(outermost(type)));

  @Test
  void shouldFindEveryClassThatIsToBePure() {
    assertThat(
            CLASSES.stream()
                .filter(ARE_PURE)
                .map(ArchitectureTest::outermost)
                .collect(Collectors.toSet()))
        .isEqualTo(PURE);
  }

  @Test
  void shouldDecideWithoutKafkaAndAvro() {
    classes()
        .that(ARE_PURE)
        .should()
        .onlyDependOnClassesThat(
            ARE_PURE.or(
                resideInAnyPackage(
                    "java..", "com.fasterxml.jackson.annotation", "org.jspecify.annotations")))
        .check(CLASSES);
  }

  @Test
  void shouldDecideWithoutAClock() {
    noClasses()
        .that(ARE_PURE)
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
  void shouldReadNoClockInAStage() {
    noClasses()
        .that()
        .resideInAnyPackage("dev.sluice.product", "dev.sluice.access", "dev.sluice.topology")
        .should()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(System.class, "nanoTime")
        .check(CLASSES);
  }

  @Test
  void shouldHaveNoCyclesBetweenPackages() {
    slices().matching("dev.sluice.(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void shouldDependOnNothingFromTheContract() {
    noClasses()
        .that()
        .resideInAPackage("dev.sluice.avro..")
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("dev.sluice..")
                .and(DescribedPredicate.not(resideInAnyPackage("dev.sluice.avro.."))))
        .check(CLASSES);
  }

  @Test
  void shouldNeedForTheContractNothingButAvroAndKafkasClients() {
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
  void shouldShipNothingThatIsForDevelopment() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.sluice.dev..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.sluice.dev..")
        .check(CLASSES);
  }

  @Test
  void shouldKnowTheBrokersOwnClassesOnlyForDevelopment() {
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
  void shouldKeepStagesApartFromWhatRunsThem() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "dev.sluice.product..",
            "dev.sluice.access..",
            "dev.sluice.event..",
            "dev.sluice.topology..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.sluice.dev..",
            "dev.sluice.cli..",
            "dev.sluice.config..",
            "dev.sluice.runtime..",
            "dev.sluice.registry..",
            "dev.sluice.metrics..",
            "dev.sluice.health..",
            "dev.sluice.http..",
            "dev.sluice.auth..",
            "dev.sluice.query..",
            "dev.sluice.logging..")
        .check(CLASSES);
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
        .callConstructor(WorkerWatch.class, SluiceConfig.class, Consumer.class)
        .orShould()
        .callConstructor(WorkerMetrics.class)
        .check(CLASSES);
  }

  @Test
  void shouldRunWithoutWhatWatchesIt() {
    noClasses()
        .that()
        .resideInAPackage("dev.sluice.runtime..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.sluice.metrics..",
            "dev.sluice.health..",
            "dev.sluice.http..",
            "dev.sluice.auth..",
            "dev.sluice.query..")
        .check(CLASSES);
  }

  @Test
  void shouldKnowTheLibrariesForMetricsAndForHttpInOnePackageEach() {
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
  void shouldMakeNoRandomIds() {
    noClasses().should().callMethod(UUID.class, "randomUUID").check(CLASSES);
  }

  @Test
  void shouldExitOnlyFromTheProgramsEntry() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName("dev.sluice.Sluice")
        .should()
        .callMethod(System.class, "exit", int.class)
        .check(CLASSES);
  }

  /** So that nothing of others' reaches a terminal as it is. */
  @Test
  void shouldWriteToTheTerminalInOnePlace() {
    noClasses()
        .that()
        // The second draws a bar, of which all is its own.
        .haveNameNotMatching("dev\\.sluice\\.cli\\.(Out|ProgressBar)")
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
  void shouldCallNoPackageUtil() {
    assertThat(CLASSES.stream().map(JavaClass::getPackageName).distinct())
        .noneMatch(name -> name.matches(".*\\.util[^.]*(\\..*)?"));
  }

  /** Package and name of the outermost class around, such as {@code product.Product}. */
  private static String outermost(JavaClass type) {
    return type.getBaseComponentType()
        .getName()
        .replaceFirst("^dev\\.sluice\\.", "")
        .replaceFirst("\\$.*", "");
  }
}
