package dev.sluice.testing;

import dev.sluice.testing.Requirement.MissingRequirementException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/**
 * Collects the tests that a build skips for want of a {@link Requirement}, and writes one line
 * about them, which the build prints last. Unit tests and integration tests add to one file.
 */
public final class SkippedTests implements TestExecutionListener {
  private static final String SEPARATOR = "\t";

  private final List<String> skipped = new ArrayList<>();
  private final Path entries;
  private final Path line;
  private @Nullable TestPlan plan;

  /** For JUnit, which finds this class as a service. */
  public SkippedTests() {
    this(Path.of("target"));
  }

  SkippedTests(Path folder) {
    entries = folder.resolve("skipped-tests.tsv");
    line = folder.resolve("skipped-tests.txt");
  }

  @Override
  public synchronized void testPlanExecutionStarted(TestPlan started) {
    plan = started;
  }

  @Override
  public synchronized void executionFinished(TestIdentifier test, TestExecutionResult result) {
    if (result.getStatus() == Status.ABORTED
        && result.getThrowable().orElse(null) instanceof MissingRequirementException missing) {
      skipped.add(
          String.join(
              SEPARATOR, missing.requirement().title(), className(test), "" + count(plan, test)));
    }
  }

  /** The tests of a class whose set-up was skipped were never begun. */
  private static long count(@Nullable TestPlan plan, TestIdentifier test) {
    if (test.isTest() || plan == null) {
      return 1;
    }
    return Math.max(1, plan.getDescendants(test).stream().filter(TestIdentifier::isTest).count());
  }

  private static String className(TestIdentifier test) {
    var source = test.getSource().orElse(null);
    var name =
        source instanceof ClassSource ofClass
            ? ofClass.getClassName()
            : source instanceof MethodSource ofMethod
                ? ofMethod.getClassName()
                : test.getDisplayName();
    return name.substring(name.lastIndexOf('.') + 1);
  }

  @Override
  public synchronized void testPlanExecutionFinished(TestPlan finished) {
    try {
      Files.createDirectories(entries.getParent());
      Files.write(entries, skipped, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      skipped.clear();
      Files.writeString(line, summary(Files.readAllLines(entries)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns one line about entries: requirement, class, number of tests. */
  static String summary(List<String> entries) {
    if (entries.isEmpty()) {
      return "Skipped for want of a program: no test";
    }
    var counts = new TreeMap<String, Long>();
    var classes = new TreeMap<String, TreeSet<String>>();
    for (var entry : entries) {
      var parts = entry.split(SEPARATOR);
      counts.merge(parts[0], Long.parseLong(parts[2]), Long::sum);
      classes.computeIfAbsent(parts[0], key -> new TreeSet<>()).add(parts[1]);
    }
    var wants = new ArrayList<String>();
    counts.forEach(
        (title, count) ->
            wants.add(
                "%s: %d %s (%s)"
                    .formatted(
                        title,
                        count,
                        count == 1 ? "test" : "tests",
                        String.join(", ", classes.get(title)))));
    return "Skipped for want of " + String.join("; ", wants);
  }
}
