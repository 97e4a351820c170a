package dev.sluice.query.shard;

import dev.sluice.access.MembershipStatus;
import dev.sluice.access.PreviewResult;
import dev.sluice.access.UserStatus;
import dev.sluice.access.stage.AccessReader.Holder;
import dev.sluice.access.stage.AccessReader.Member;
import dev.sluice.access.stage.AccessReader.Progress;
import dev.sluice.access.stage.AccessReader.Sweeping;
import dev.sluice.query.model.PartialList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Queries to one partition of users, local or remote. Between workers each method is a {@link
 * UserCall}.
 */
public interface UserShard {

  /**
   * Returns the user's status in each product of which the user is a member, by productId, after
   * the given id.
   */
  PartialList<MembershipStatus> standingsAfter(String userId, String after, int max);

  /**
   * Returns the user's status in those of the given products of which the user is a member.
   *
   * @param productIds at most {@link dev.sluice.query.model.UserProduct#IDS_MAX}
   */
  List<MembershipStatus> standings(String userId, List<String> productIds);

  /** Returns the status of a user who is deactivated, or whose access is being given back. */
  @Nullable UserStatus user(String userId);

  /** Returns members by userId, after the given id. */
  List<Member> members(String productId, String after, int max);

  /**
   * Returns holders by userId, after the given id; an empty type stands for all types of the id.
   */
  List<Holder> holders(String sourceId, String sourceType, String after, int max);

  @Nullable Progress progress(String productId);

  /** Returns sweeps by productId. */
  List<Sweeping> sweeping(int max);

  /** Returns the number of sweeps in progress. */
  long sweeps();

  /**
   * Previews the effect of updates.
   *
   * @param updates encoded as in access-updates
   */
  PreviewResult preview(List<byte[]> updates);
}
