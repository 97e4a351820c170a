package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the documents to the tree: classes, packages, files and links that they name exist. */
class DocsNamesTest {
  private static final Path MAIN = Path.of("src", "main", "java", "dev", "sluice");
  private static final Pattern FENCE = Pattern.compile("(?ms)^ *```.*?^ *```");
  private static final Pattern SPAN = Pattern.compile("`([^`\n]+)`");

  /** A name such as {@code Sweep}, {@code AccessUpdate.Trigger} or {@code access/stage/Sweeper}. */
  private static final Pattern NAME =
      Pattern.compile("((?:[a-z]\\w*/)*)([A-Z][a-z]\\w*)((?:\\.[A-Z][a-z]\\w*)*)");

  private static final Pattern DECLARED =
      Pattern.compile("\\b(?:class|interface|enum|record|@interface) ([A-Z]\\w*)");
  private static final Pattern AVRO_NAME = Pattern.compile("\"name\": *\"([A-Z]\\w*)\"");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ +(.+)$");
  private static final Pattern FILE =
      Pattern.compile("(?:src|docs|deploy|avro)/[\\w./-]*[\\w/]|[\\w-]+\\.md");
  private static final Pattern PACKAGE_ROW = Pattern.compile("(?m)^\\| `([a-z.]+)` \\|");

  /** Names in code that are not this project's: libraries, HTTP headers, settings, example ids. */
  private static final Set<String> FOREIGN =
      Set.of(
          "Ana",
          "Zoë",
          "Snowflake",
          "Forwarded",
          "Via",
          "Origin",
          "Error",
          "Serializer",
          "Deserializer",
          "EventSource",
          "GenericRecord",
          "KafkaAvroSerializer",
          "KafkaAvroDeserializer",
          "InvalidConfigurationException",
          "DefaultSslEngineFactory",
          "ServiceLoader",
          "TopicNameStrategy",
          "StateDirectory",
          "PrivateTmp");

  @Test
  void shouldNameOnlyClassesThatExist() throws IOException {
    var declared = declarations();
    var avro = avroNames();
    var unknown = new ArrayList<String>();
    for (var doc : docs()) {
      for (var span : spans(doc)) {
        var name = NAME.matcher(span);
        if (!name.matches() || FOREIGN.contains(span)) {
          continue;
        }
        var folder = name.group(1);
        var outer = name.group(2);
        var known =
            folder.isEmpty()
                ? declared.containsKey(outer) || avro.contains(outer)
                : Files.exists(MAIN.resolve(folder).resolve(outer + ".java"));
        for (var nested : name.group(3).split("\\.")) {
          known &= nested.isEmpty() || declared.getOrDefault(outer, Set.of()).contains(nested);
        }
        if (!known) {
          unknown.add(doc + ": `" + span + "`");
        }
      }
    }

    assertThat(unknown).isEmpty();
  }

  @Test
  void shouldDescribeEveryPackageOnce() throws IOException {
    try (var files = Files.walk(MAIN)) {
      var packages =
          files
              .filter(file -> file.getFileName().toString().endsWith(".java"))
              .map(file -> MAIN.relativize(file.getParent()).toString().replace('/', '.'))
              .filter(name -> !name.isEmpty() && !name.equals("dev"))
              .collect(Collectors.toCollection(TreeSet::new));
      var text = Files.readString(Path.of("docs", "design.md"));
      var table = text.substring(text.indexOf("\n## Packages"), text.indexOf("One build makes"));

      assertThat(PACKAGE_ROW.matcher(table).results().map(row -> row.group(1)))
          .containsExactlyInAnyOrderElementsOf(packages);
    }
  }

  @Test
  void shouldLinkOnlyToWhatExists() throws IOException {
    var broken = new ArrayList<String>();
    for (var doc : docs()) {
      for (var link : matches(LINK, prose(doc))) {
        if (link.contains("://")) {
          continue;
        }
        var path = link.replaceFirst("#.*", "");
        var target = path.isEmpty() ? doc : folder(doc).resolve(path).normalize();
        var anchor = link.contains("#") ? link.substring(link.indexOf('#') + 1) : "";
        if (!Files.exists(target)
            || !anchor.isEmpty() && !anchors(Files.readString(target)).contains(anchor)) {
          broken.add(doc + ": " + link);
        }
      }
    }

    assertThat(broken).isEmpty();
  }

  @Test
  void shouldNameOnlyFilesThatExist() throws IOException {
    var missing = new ArrayList<String>();
    for (var doc : docs()) {
      for (var span : spans(doc)) {
        if (FILE.matcher(span).matches()
            && !Files.exists(Path.of(span))
            && !Files.exists(folder(doc).resolve(span))) {
          missing.add(doc + ": `" + span + "`");
        }
      }
    }

    assertThat(missing).isEmpty();
  }

  private static List<Path> docs() throws IOException {
    try (var docs = Files.walk(Path.of("docs"))) {
      return Stream.concat(
              docs, Stream.of("README.md", "CONTRIBUTING.md", "deploy/README.md").map(Path::of))
          .filter(file -> file.toString().endsWith(".md"))
          .sorted()
          .toList();
    }
  }

  private static Path folder(Path doc) {
    return doc.getParent() == null ? Path.of("") : doc.getParent();
  }

  private static String prose(Path doc) throws IOException {
    return FENCE.matcher(Files.readString(doc)).replaceAll("");
  }

  private static List<String> spans(Path doc) throws IOException {
    return matches(SPAN, prose(doc));
  }

  private static List<String> matches(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(match -> match.group(1)).toList();
  }

  /** The anchors of a document's headings, as GitHub makes them. */
  private static Set<String> anchors(String text) {
    return matches(HEADING, FENCE.matcher(text).replaceAll("")).stream()
        .map(
            heading ->
                heading
                    .toLowerCase(Locale.ROOT)
                    .replaceAll("[^\\p{L}\\p{N} _-]", "")
                    .replace(' ', '-'))
        .collect(Collectors.toSet());
  }

  /** By the name of a source file, the types that the file declares; nested types by their own. */
  private static Map<String, Set<String>> declarations() throws IOException {
    var declared = new HashMap<String, Set<String>>();
    try (var sources = Files.walk(Path.of("src"));
        var examples = Files.walk(Path.of("docs", "examples"))) {
      var files = Stream.concat(sources, examples);
      for (var file : files.filter(one -> one.toString().endsWith(".java")).toList()) {
        var names =
            DECLARED
                .matcher(Files.readString(file))
                .results()
                .map((MatchResult match) -> match.group(1))
                .collect(Collectors.toSet());
        for (var name : names) {
          declared.computeIfAbsent(name, key -> new TreeSet<>()).addAll(names);
        }
      }
    }
    return declared;
  }

  private static Set<String> avroNames() throws IOException {
    try (var files = Files.walk(Path.of("avro"))) {
      return files
          .filter(file -> file.toString().endsWith(".avsc"))
          .flatMap(file -> matches(AVRO_NAME, read(file)).stream())
          .collect(Collectors.toSet());
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
