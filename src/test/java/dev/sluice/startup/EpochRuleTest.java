package dev.sluice.startup;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EpochRuleTest {
  private static final List<String> COMMANDS = List.of("access-commands");

  private static @Nullable String problem(
      boolean isNew, List<String> nonEmpty, int highest, int epoch) {
    return new EpochRule("sluice2", epoch, "access-commands").problem(isNew, nonEmpty, highest);
  }

  @Test
  void shouldLetANewGroupWriteToEmptyTopics() {
    assertThat(problem(true, List.of(), 0, 0)).isNull();
    assertThat(problem(true, List.of(), 0, 7)).isNull();
  }

  @Test
  void shouldNotLetANewGroupWriteBesideAnothers() {
    assertThat(problem(true, COMMANDS, 0, 0))
        .contains("group sluice2 (application.id) is new", "access-commands holds records")
        .contains("set commands.epoch=1,");
    assertThat(problem(true, COMMANDS, 3, 3)).contains("set commands.epoch=4,");
    assertThat(problem(true, List.of("product-status"), 0, 0))
        .contains("product-status holds records", "set commands.epoch=1,");
  }

  @Test
  void shouldLetANewGroupBeginAnewInAnEpochOfItsOwn() {
    assertThat(problem(true, COMMANDS, 0, 1)).isNull();
    assertThat(problem(true, COMMANDS, 3, 4)).isNull();
  }

  @Test
  void shouldNotLetAGroupWriteThatAnotherHasFollowed() {
    assertThat(problem(false, COMMANDS, 1, 0))
        .startsWith("topic access-commands holds commands of epoch 1, but commands.epoch is 0")
        .endsWith("then set commands.epoch=1");
  }

  @Test
  void shouldLetAGroupGoOnInItsEpochOrALaterOne() {
    assertThat(problem(false, COMMANDS, 0, 0)).isNull();
    assertThat(problem(false, COMMANDS, 1, 1)).isNull();
    assertThat(problem(false, COMMANDS, 1, 2)).isNull();
  }
}
