package dev.sluice.sim;

import dev.sluice.event.UserEvent;
import dev.sluice.event.UserPayload;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Random events about few users: mostly sense, some nonsense, some repeats and old ones. */
final class UserHistories {
  private final Random random;
  private final int users;
  private final Map<String, Long> sequences = new HashMap<>();
  private final List<UserEvent> earlier = new ArrayList<>();
  private int next;

  UserHistories(Random random, int users) {
    this.random = random;
    this.users = users;
  }

  UserEvent next(Instant now) {
    if (!earlier.isEmpty() && random.nextInt(8) == 0) {
      return earlier.get(random.nextInt(earlier.size()));
    }
    var userId = user();
    var sequence = sequences.merge(userId, 1L, Long::sum);
    var event =
        new UserEvent(
            eventId(),
            userId,
            // Some users' producers do not count.
            switch (Math.floorMod(userId.hashCode(), 3) == 0 ? 0 : random.nextInt(12)) {
              case 0, 1 -> null;
              case 2 -> sequence + 2 - random.nextInt(20);
              case 3 -> strange(sequence);
              default -> sequence;
            },
            now,
            "hr",
            random.nextInt(5) < 3
                ? new UserPayload.UserDeactivated(random.nextBoolean() ? "left" : null)
                : new UserPayload.UserReactivated(null));
    next++;
    earlier.add(event);
    return event;
  }

  private String eventId() {
    return switch (random.nextInt(60)) {
      case 0 -> "";
      case 1 -> "h" + random.nextInt(next + 1);
      default -> "h" + next;
    };
  }

  private long strange(long sequence) {
    return switch (random.nextInt(5)) {
      case 0 -> Long.MAX_VALUE - random.nextInt(3);
      case 1 -> sequence - 60 - random.nextInt(10);
      case 2 -> -1 - random.nextInt(3);
      default -> sequence;
    };
  }

  private String user() {
    return switch (random.nextInt(60)) {
      case 0 -> "x".repeat(257);
      case 1 -> "u|1";
      case 2 -> "stranger";
      default -> "u" + random.nextInt(random.nextBoolean() ? Math.min(4, users) : users);
    };
  }
}
