package dev.sluice.update.wire;

import dev.sluice.update.AccessUpdate.ProductRevised;
import dev.sluice.update.AccessUpdate.ProductSnapshot;
import dev.sluice.update.AccessUpdate.Trigger;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Updates between the stages that no worker can process. */
public final class BadUpdates {

  private BadUpdates() {}

  /** Revision 1 of p1, which the access stage knows already. */
  public static byte[] goesBack() {
    return new AccessUpdateSerde()
        .serializer()
        .serialize(
            "",
            new ProductRevised(
                "p1",
                new Trigger("by hand", 0),
                new ProductSnapshot(1, true, new TreeSet<>()),
                false,
                new TreeSet<>(Set.of(0)),
                List.of()));
  }
}
