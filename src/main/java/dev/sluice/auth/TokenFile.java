package dev.sluice.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.config.InvalidConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Verifies tokens listed in a file, one per line: name, roles, SHA-256 of the token, and expiry.
 * Tokens are long and random, so a fast hash is enough; the tokens themselves are not stored. A
 * changed file is read again.
 */
public final class TokenFile implements TokenVerifier {
  private static final Logger LOG = LoggerFactory.getLogger(TokenFile.class);
  private static final String PREFIX = "sluice_";
  private static final int RANDOM_BYTES = 32;
  private static final int HASH_BYTES = 32;
  private static final String FORM =
      "NAME ROLE[,ROLE…] SHA-256-IN-HEX [EXPIRES, like 2027-01-01T00:00:00Z]";

  /**
   * Maximum time for which a missing file keeps its tokens valid: a file may be missing for a
   * moment while it is replaced.
   */
  private static final Duration GONE_MAX = Duration.ofMinutes(5);

  private static final Duration LOG_INTERVAL = Duration.ofMinutes(10);

  /** Maximum time for which {@link #trouble} waits for the file. */
  private static final Duration ANSWER_MAX = Duration.ofSeconds(1);

  private final Path file;
  private final Supplier<Instant> clock;
  private volatile State state;

  /** Problem of the file that was logged last. */
  private volatile String loggedProblem = "";

  private volatile Instant nextLogAt;
  private volatile String problemNow = "";
  private volatile @Nullable Instant goneSince;

  /** The reading of the file for {@link #trouble}; at most one at a time. */
  private @Nullable FutureTask<?> background;

  private long backgroundBeganNs;

  private record Entry(Caller caller, byte[] hash, @Nullable Instant expires) {}

  /**
   * Content of the file.
   *
   * @param wrongCount number of invalid lines
   * @param first problem of the first invalid line; empty if there is none
   */
  private record State(List<Entry> entries, FileTime read, int wrongCount, String first) {

    /** Returns the problem of the wrong lines; the same at a start and later. */
    String wrong() {
      return "http.auth.file: %d lines are wrong; the first: %s".formatted(wrongCount, first);
    }

    /** Returns the problem while other lines are valid; empty if there is none. */
    String problem() {
      return wrongCount == 0
          ? ""
          : "%s; the other lines are used, and tokens of removed lines are not".formatted(wrong());
    }
  }

  /**
   * Reads the file.
   *
   * @throws InvalidConfigException if it cannot be used, with the line
   */
  public TokenFile(Path file, Supplier<Instant> clock) {
    this.file = file;
    this.clock = clock;
    nextLogAt = Instant.MIN;
    try {
      state = read();
    } catch (IOException e) {
      throw new InvalidConfigException(
          "http.auth.file is %s, which cannot be read: %s".formatted(file, e));
    }
    if (state.wrongCount() > 0) {
      throw new InvalidConfigException(state.wrong());
    }
  }

  /**
   * A new token with its line for the file.
   *
   * @param token the token for the caller; it cannot be recovered later
   */
  public record Made(String token, String line) {}

  /** Makes a token. */
  public static Made make(String name, Set<Role> roles, @Nullable Instant expires) {
    if (!name.matches("\\S+") || roles.isEmpty()) {
      throw new IllegalArgumentException("a token needs a name without blanks, and a role");
    }
    var random = new byte[RANDOM_BYTES];
    new SecureRandom().nextBytes(random);
    var token = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    var line =
        "%s %s %s%s"
            .formatted(
                name,
                String.join(",", roles.stream().sorted().map(Role::toString).toList()),
                HexFormat.of().formatHex(hash(token)),
                expires == null ? "" : " " + expires);
    return new Made(token, line);
  }

  @Override
  public TokenCheck check(String token) {
    var hash = hash(token);
    Entry found = null;
    // Compares with all of them, each in constant time, so that the duration reveals nothing about
    // the file.
    for (var entry : current().entries()) {
      if (MessageDigest.isEqual(entry.hash(), hash)) {
        found = entry;
      }
    }
    if (found == null) {
      return new TokenCheck.Unknown();
    }
    var expires = found.expires();
    return expires != null && !clock.get().isBefore(expires)
        ? new TokenCheck.Expired()
        : new TokenCheck.Known(found.caller());
  }

  /**
   * Returns the current content. While the file is missing, for example during a replacement, the
   * previous content stays valid for some minutes.
   */
  private State current() {
    var known = state;
    try {
      if (!Files.getLastModifiedTime(file).equals(known.read())) {
        known = read();
        state = known;
      }
      goneSince = null;
      log(known.problem());
    } catch (IOException e) {
      var now = clock.get();
      var since = goneSince;
      if (since == null) {
        since = now;
        goneSince = now;
      }
      var over = !now.isBefore(since.plus(GONE_MAX));
      log(
          "http.auth.file is %s, which cannot be read (%s): %s"
              .formatted(
                  file,
                  e,
                  over
                      ? "no token is accepted"
                      : "the tokens last read stay valid until " + since.plus(GONE_MAX)));
      if (over) {
        return new State(List.of(), known.read(), 0, "");
      }
    }
    return known;
  }

  /** Logs a problem once, and again after a while. */
  private void log(String problem) {
    problemNow = problem;
    if (problem.isEmpty()) {
      loggedProblem = "";
      return;
    }
    var now = clock.get();
    if (!problem.equals(loggedProblem) || !now.isBefore(nextLogAt)) {
      loggedProblem = problem;
      nextLogAt = now.plus(LOG_INTERVAL);
      LOG.warn("{}", problem);
    }
  }

  /**
   * Returns the file's problem, without its content; null if there is none. A file system that does
   * not answer holds up the caller for a moment only: the problem is then that there is no answer.
   */
  @Override
  public @Nullable String trouble() {
    FutureTask<?> reading;
    long leftNs;
    synchronized (this) {
      if (background == null || background.isDone()) {
        background = new FutureTask<>(this::current, null);
        backgroundBeganNs = System.nanoTime();
        Thread.ofPlatform().daemon().name("token-file").start(background);
      }
      reading = background;
      leftNs = ANSWER_MAX.toNanos() - (System.nanoTime() - backgroundBeganNs);
    }
    try {
      reading.get(Math.max(0, leftNs), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      return "http.auth.file is %s, which cannot be read now: no answer".formatted(file);
    } catch (ExecutionException e) {
      return "http.auth.file is %s, which cannot be read: %s".formatted(file, e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    var problem = problemNow;
    return problem.isEmpty() ? null : problem;
  }

  private State read() throws IOException {
    var modified = Files.getLastModifiedTime(file);
    var entries = new ArrayList<Entry>();
    var problems = new ArrayList<String>();
    int number = 0;
    for (var line : new String(Files.readAllBytes(file), UTF_8).lines().toList()) {
      number++;
      var text = line.strip();
      if (!text.isEmpty() && !text.startsWith("#")) {
        try {
          entries.add(entry(text, number));
        } catch (InvalidConfigException e) {
          problems.add(String.valueOf(e.getMessage()));
        }
      }
    }
    return new State(
        entries, modified, problems.size(), problems.isEmpty() ? "" : problems.getFirst());
  }

  private Entry entry(String text, int number) {
    var parts = text.split("\\s+");
    try {
      if (parts.length < 3 || parts.length > 4) {
        throw new IllegalArgumentException();
      }
      var roles = EnumSet.noneOf(Role.class);
      for (var name : parts[1].split(",")) {
        roles.add(Role.named(name).orElseThrow(IllegalArgumentException::new));
      }
      var hash = HexFormat.of().parseHex(parts[2]);
      if (hash.length != HASH_BYTES) {
        throw new IllegalArgumentException();
      }
      return new Entry(
          new Caller(parts[0], roles), hash, parts.length == 4 ? Instant.parse(parts[3]) : null);
    } catch (IllegalArgumentException | DateTimeException e) {
      // Without the line: it may contain the token itself.
      throw new InvalidConfigException(
          "line %d of %s does not have the form %s; `./sluice token` makes one"
              .formatted(number, file, FORM));
    }
  }

  private static byte[] hash(String token) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(token.getBytes(UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java runtime has SHA-256", e);
    }
  }
}
