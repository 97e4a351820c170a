package dev.sluice.startup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.operator.OperatorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TopicIdentityStoreTest {
  private static final Uuid ONE = Uuid.randomUuid();
  private static final Uuid TWO = Uuid.randomUuid();

  @TempDir private Path folder;

  private TopicIdentityStore known() {
    return new TopicIdentityStore(List.of("events"), Set.of("updates"), folder);
  }

  @Test
  void shouldFindNothingWrongWithTopicsThatStay() {
    var known = known();

    assertThat(known.update(Map.of("events", ONE), List.of("updates"))).isNull();
    assertThat(known.update(Map.of("events", ONE, "updates", TWO), List.of())).isNull();
    assertThat(known.update(Map.of("events", ONE, "updates", TWO), List.of())).isNull();
  }

  @Test
  void shouldNameATopicThatIsMissingTwice() {
    var known = known();
    known.update(Map.of("events", ONE, "commands", TWO), List.of());

    assertThat(known.update(Map.of("events", ONE), List.of("commands"))).isNull();
    assertThat(known.update(Map.of("events", ONE), List.of("commands")))
        .startsWith("topic commands was deleted: new readers will not find its former content.");
  }

  @Test
  void shouldForgiveATopicThatWasMissingOnce() {
    var known = known();
    known.update(Map.of("events", ONE), List.of());
    known.update(Map.of(), List.of("events"));
    known.update(Map.of("events", ONE), List.of());

    assertThat(known.update(Map.of(), List.of("events"))).isNull();
  }

  @Test
  void shouldNameATopicThatWasMadeAnewWhileNobodyLooked() {
    known().update(Map.of("events", ONE, "updates", ONE, "commands", ONE), List.of());

    assertThat(known().update(Map.of("events", TWO), List.of()))
        .startsWith("topic events was deleted and created again: events not yet read are lost");
    assertThat(known().update(Map.of("updates", TWO), List.of()))
        .startsWith("topic updates was deleted and created again: its state, or unfinished work,");
    assertThat(known().update(Map.of("commands", TWO), List.of()))
        .as("no state belongs to it")
        .isNull();
  }

  @Test
  void shouldRefuseAFileThatItCannotRead() throws Exception {
    Files.writeString(folder.resolve("topics.properties"), "events=?");

    assertThatThrownBy(this::known)
        .isInstanceOf(OperatorException.class)
        .hasMessageContaining("topics.properties")
        .hasMessageContaining("delete the folder " + folder);
  }
}
