package dev.sluice.dev.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NamesTest {

  @Test
  void shouldFindUserAndSourceInACommandsKeyAgain() {
    var key = (Names.user(12_345) + '|' + Names.source(7)).getBytes(UTF_8);
    assertThat(Names.userOf(key)).isEqualTo(12_345);
    assertThat(Names.sourceOf(key)).isEqualTo(7);
  }

  @Test
  void shouldPutAnotherSourceInItsPlace() {
    var key = (Names.user(7) + '|' + Names.source(12_345)).getBytes(UTF_8);
    Names.putSource(key, 67);
    assertThat(new String(key, UTF_8)).isEqualTo(Names.user(7) + '|' + Names.source(67));
  }

  @Test
  void shouldPutAnotherUserInItsPlace() {
    var key = (Names.user(12_345) + '|' + Names.source(7)).getBytes(UTF_8);
    Names.putUser(key, 987_654_321);
    assertThat(new String(key, UTF_8)).isEqualTo(Names.user(987_654_321) + '|' + Names.source(7));
  }
}
