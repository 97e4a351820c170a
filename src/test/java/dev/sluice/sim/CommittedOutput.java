package dev.sluice.sim;

import static dev.sluice.sim.Violation.unless;

import dev.sluice.avro.AccessAction;
import dev.sluice.avro.AccessCommand;
import dev.sluice.avro.ProductStatus;
import dev.sluice.avro.RequestStatus;
import dev.sluice.sim.Model.Access;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** All that a read_committed reader of the public topics finds. */
final class CommittedOutput {

  /** The result of a run, as a reader of the topics has it at the end. */
  record Ending(Set<String> access, Map<String, String> products, Map<String, String> requests) {}

  private final Map<Access, AccessCommand> commands = new HashMap<>();
  private final Map<String, ProductStatus> products = new TreeMap<>();
  private final Map<String, RequestStatus> requests = new TreeMap<>();
  private int rejected;
  private long commandCount;

  void add(Object value) {
    switch (value) {
      case AccessCommand c -> add(c);
      case ProductStatus s -> add(s);
      case RequestStatus s -> requests.put(s.getProductId() + "/" + s.getRequestId(), s);
      default -> rejected++;
    }
  }

  private void add(AccessCommand command) {
    commandCount++;
    var last = commands.put(Access.of(command), command);
    unless(
        command.getAction() != (last == null ? AccessAction.REVOKE : last.getAction()),
        "I8 exactly once, I2 alternation",
        "committed are %s and then %s",
        last,
        command);
    unless(
        last == null || command.getRevision() > last.getRevision(),
        "I8 exactly once, I7 order",
        "committed are %s and then %s",
        last,
        command);
  }

  private void add(ProductStatus status) {
    var last = products.put(status.getProductId(), status);
    unless(
        last == null || status.getRevision() >= last.getRevision(),
        "I8 exactly once",
        "committed are %s and then %s",
        last,
        status);
  }

  Set<Access> granted() {
    var granted = new HashSet<Access>();
    commands.forEach(
        (pair, command) -> {
          if (command.getAction() == AccessAction.GRANT) {
            granted.add(pair);
          }
        });
    return granted;
  }

  Map<String, ProductStatus> products() {
    return products;
  }

  Map<String, RequestStatus> requests() {
    return requests;
  }

  int rejected() {
    return rejected;
  }

  /** How many commands came since this was last asked. */
  long takeCommands() {
    var count = commandCount;
    commandCount = 0;
    return count;
  }

  Ending ending() {
    var access = new TreeSet<String>();
    granted().forEach(pair -> access.add(pair.toString()));
    var ofProducts = new TreeMap<String, String>();
    products.forEach(
        (id, p) ->
            ofProducts.put(
                id,
                List.of(
                        p.getState(),
                        p.getRevision(),
                        p.getName(),
                        p.getDataSources(),
                        p.getStats())
                    .toString()));
    var ofRequests = new TreeMap<String, String>();
    requests.forEach(
        (id, r) ->
            ofRequests.put(
                id,
                r.getUserId()
                    + " "
                    + r.getState()
                    + " "
                    + r.getStage()
                    + " until "
                    + r.getExpiresAt()));
    return new Ending(access, ofProducts, ofRequests);
  }
}
