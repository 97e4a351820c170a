package dev.sluice.access.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.access.AccessDiff;
import dev.sluice.access.ChangeCause;
import dev.sluice.avro.AccessCommand;
import dev.sluice.update.AccessUpdate.Trigger;
import dev.sluice.update.CommandReason;
import dev.sluice.update.SourceRef;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TemplatedAccessCommandTest {
  private static final List<String> TEXTS =
      List.of("u", "user-1@example.org", "\u00e4\u00f6\u00fc", "\uD83D\uDE00", "x".repeat(256), "");

  /** The plain generated class, and Avro's own writer, are what it must equal. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void shouldBeWrittenAsAnyCommand(long seed) throws IOException {
    var random = new Random(seed);
    for (int i = 0; i < 200; i++) {
      var reasons = CommandReason.values();
      var changeCause =
          new ChangeCause(
              text(random),
              reasons[random.nextInt(reasons.length)],
              new Trigger(text(random), random.nextLong() >> (12 + random.nextInt(50))),
              7);
      var change =
          new AccessDiff.Change(
              random.nextBoolean(),
              new SourceRef(text(random), text(random)),
              changeCause,
              List.of());
      var userId = text(random);
      var revision = random.nextLong() >>> random.nextInt(64);
      var epoch = random.nextInt(Integer.MAX_VALUE) >>> random.nextInt(31);
      var form = new CommandTemplate(change, epoch);
      var templatedAccessCommand =
          new TemplatedAccessCommand(form, userId, userId.getBytes(UTF_8), revision);
      var plain =
          new AccessCommand(
              form.action,
              userId,
              change.source().sourceId(),
              change.source().sourceType(),
              changeCause.productId(),
              dev.sluice.avro.CommandReason.valueOf(changeCause.reason().name()),
              changeCause.cause().eventId(),
              revision,
              form.occurredAt,
              epoch);

      assertThat(templatedAccessCommand.encoded(new byte[] {9, 8})).isEqualTo(written(plain));
      assertThat(written(templatedAccessCommand)).isEqualTo(written(plain));
      for (var field : AccessCommand.getClassSchema().getFields()) {
        assertThat(templatedAccessCommand.get(field.pos()))
            .as(field.name())
            .isEqualTo(plain.get(field.pos()));
      }
      assertThat(form.key(userId.getBytes(UTF_8)))
          .isEqualTo(
              (userId + '|' + change.source().sourceType() + '|' + change.source().sourceId())
                  .getBytes(UTF_8));
    }
  }

  private static String text(Random random) {
    return TEXTS.get(random.nextInt(TEXTS.size()));
  }

  private static byte[] written(SpecificRecord command) throws IOException {
    var out = new ByteArrayOutputStream();
    out.write(9);
    out.write(8);
    var encoder = EncoderFactory.get().directBinaryEncoder(out, null);
    new SpecificDatumWriter<SpecificRecord>(AccessCommand.getClassSchema()).write(command, encoder);
    return out.toByteArray();
  }
}
