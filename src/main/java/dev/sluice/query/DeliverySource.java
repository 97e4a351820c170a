package dev.sluice.query;

import dev.sluice.delivery.DeliveryFilter;
import dev.sluice.query.QueryGateway.Asked;
import dev.sluice.query.model.DeliveryViews.OfUser;
import java.time.Duration;

/** Where the outstanding commands of a user are read. */
@FunctionalInterface
public interface DeliverySource {

  /**
   * Returns the first outstanding commands of a user.
   *
   * @param max how many at most
   * @param timeout the time that it may take
   * @throws RuntimeException if they are not known now; the message says why
   */
  OfUser ofUser(Asked asked, DeliveryFilter filter, int max, Duration timeout);
}
