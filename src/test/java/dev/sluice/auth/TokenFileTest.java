package dev.sluice.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.config.InvalidConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenFileTest {
  private static final Instant NOW = Instant.parse("2026-01-05T12:00:00Z");

  @TempDir private Path folder;

  private Path file(String... lines) throws IOException {
    return Files.writeString(folder.resolve("tokens"), String.join("\n", lines));
  }

  private static TokenFile tokens(Path file) {
    return new TokenFile(file, () -> NOW);
  }

  @Test
  void shouldKnowATokenByItsHashAloneWithItsRoles() throws Exception {
    var ana = TokenFile.make("ana", Set.of(Role.READ, Role.PUBLISH), null);
    var ben = TokenFile.make("ben", Set.of(Role.ADMIN), NOW.plusSeconds(1));
    var file = file("# who", "", ana.line(), ben.line());

    assertThat(Files.readString(file)).doesNotContain(ana.token());
    assertThat(tokens(file).check(ana.token()))
        .isEqualTo(new TokenCheck.Known(new Caller("ana", Set.of(Role.READ, Role.PUBLISH))));
    assertThat(tokens(file).check(ben.token()))
        .isEqualTo(new TokenCheck.Known(new Caller("ben", Set.of(Role.ADMIN))));
    assertThat(tokens(file).check(ana.token() + "x")).isInstanceOf(TokenCheck.Unknown.class);
    assertThat(tokens(file).check("")).isInstanceOf(TokenCheck.Unknown.class);
  }

  @Test
  void shouldNotSayThatOtherLinesAreTakenWhereItIsRefused() throws Exception {
    var file = file(TokenFile.make("ana", Set.of(Role.READ), null).line(), "wrong");

    assertThatThrownBy(() -> tokens(file))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("1 lines are wrong; the first: line 2 of ")
        .hasMessageNotContaining("taken");
  }

  @Test
  void shouldKnowAnExpiredTokenAsOne() throws Exception {
    var ana = TokenFile.make("ana", Set.of(Role.READ), NOW);

    assertThat(tokens(file(ana.line())).check(ana.token())).isInstanceOf(TokenCheck.Expired.class);
  }

  @Test
  void shouldMakeTokensThatAreLongAndNeverTheSame() {
    var one = TokenFile.make("ana", Set.of(Role.READ), null).token();

    assertThat(one).hasSizeGreaterThan(43);
    assertThat(TokenFile.make("ana", Set.of(Role.READ), null).token()).isNotEqualTo(one);
  }

  @Test
  void shouldReadTheFileAgainWhenItChanges() throws Exception {
    var ana = TokenFile.make("ana", Set.of(Role.READ), null);
    var ben = TokenFile.make("ben", Set.of(Role.READ), null);
    var file = file(ana.line());
    var tokens = tokens(file);

    Files.writeString(file, ben.line());
    Files.setLastModifiedTime(file, FileTime.from(NOW.plusSeconds(20)));
    assertThat(tokens.check(ana.token())).isInstanceOf(TokenCheck.Unknown.class);
    assertThat(tokens.check(ben.token())).isInstanceOf(TokenCheck.Known.class);
  }

  @Test
  void shouldTakeTheLinesThatCanBeReadAndNoOther() throws Exception {
    var ana = TokenFile.make("ana", Set.of(Role.READ), null);
    var ben = TokenFile.make("ben", Set.of(Role.READ), null);
    var file = file(ana.line(), ben.line());
    var tokens = tokens(file);
    assertThat(tokens.trouble()).isNull();

    Files.writeString(file, ben.line() + "\nana rread hush-hush");
    Files.setLastModifiedTime(file, FileTime.from(NOW.plusSeconds(10)));

    assertThat(tokens.check(ana.token())).isInstanceOf(TokenCheck.Unknown.class);
    assertThat(tokens.check(ben.token())).isInstanceOf(TokenCheck.Known.class);
    assertThat(tokens.trouble())
        .startsWith("http.auth.file: 1 lines are wrong; the first: line 2 of ")
        .endsWith("; the other lines are used, and tokens of removed lines are not")
        .doesNotContain("hush");
    assertThatThrownBy(() -> tokens(file))
        .as("a start")
        .hasMessageStartingWith("http.auth.file: 1 lines are wrong; the first: line 2 of ");
  }

  @Test
  void shouldKeepWhatAFileSaidThatIsAwayForSomeMinutesAndNotForEver() throws Exception {
    var ana = TokenFile.make("ana", Set.of(Role.READ), null);
    var file = file(ana.line());
    var now = new AtomicReference<>(NOW);
    var tokens = new TokenFile(file, now::get);

    Files.delete(file);
    assertThat(tokens.check(ana.token())).isInstanceOf(TokenCheck.Known.class);
    assertThat(tokens.trouble()).contains("cannot be read");
    now.set(NOW.plusSeconds(299));
    assertThat(tokens.check(ana.token())).isInstanceOf(TokenCheck.Known.class);
    now.set(NOW.plusSeconds(301));
    assertThat(tokens.check(ana.token())).isInstanceOf(TokenCheck.Unknown.class);

    Files.writeString(file, ana.line());
    Files.setLastModifiedTime(file, FileTime.from(NOW.plusSeconds(400)));
    assertThat(tokens.check(ana.token())).isInstanceOf(TokenCheck.Known.class);
    assertThat(tokens.trouble()).isNull();
  }

  /** A named pipe without a writer stands for a file system that does not answer. */
  @Test
  void shouldReportAFileThatDoesNotAnswerWithoutWaitingForIt() throws Exception {
    var file = folder.resolve("hangs");
    Files.writeString(file, TokenFile.make("ana", Set.of(Role.READ), null).line() + "\n");
    var tokens = new TokenFile(file, Instant::now);
    Files.delete(file);
    assertThat(new ProcessBuilder("mkfifo", file.toString()).start().waitFor()).isZero();

    assertThat(tokens.trouble()).contains("no answer");
    assertThat(tokens.trouble()).contains("no answer");
  }

  @Test
  void shouldNameALineThatIsWrongWithoutWhatStandsInIt() throws Exception {
    var file = file("# ok", "ana read hush-hush");

    assertThatThrownBy(() -> tokens(file))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("line 2 of ")
        .hasMessageContaining("./sluice token")
        .hasMessageNotContaining("hush");
  }
}
