package dev.sluice.access.stage;

import dev.sluice.access.AccessDiff;
import dev.sluice.access.CommandSink;

/**
 * Holds back the commands about sources that are withheld from a user. All commands that follow
 * from products and memberships pass here, so that memberships, marks and sweeps go on for a
 * deactivated user as for any other.
 */
final class UserGate implements CommandSink {
  private final WithheldUsers users;
  private final CommandSink behind;

  UserGate(WithheldUsers users, CommandSink behind) {
    this.users = users;
    this.behind = behind;
  }

  @Override
  public void emit(String userId, AccessDiff.Change change) {
    var withholding = users.get(userId);
    if (withholding == null) {
      behind.emit(userId, change);
      return;
    }
    var source = change.source();
    if (withholding.withholds(source)) {
      return;
    }
    if (users.isWithheld(userId, source)) {
      users.release(userId, source); // lost before the user had it
    } else if (change.grant() && !withholding.active()) {
      users.withhold(userId, source);
    } else {
      behind.emit(userId, change);
    }
  }
}
