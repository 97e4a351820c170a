package dev.sluice.query.shard;

import dev.sluice.access.MembershipStatus;
import dev.sluice.access.PreviewResult;
import dev.sluice.access.stage.AccessReader.Holder;
import dev.sluice.access.stage.AccessReader.Member;
import dev.sluice.access.stage.AccessReader.Progress;
import dev.sluice.access.stage.AccessReader.Sweeping;
import dev.sluice.query.model.PartialList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What can be asked of one partition of users, wherever it is. Between workers each method is a
 * {@link UserCall}.
 */
public interface UserShard {

  /**
   * Where the user stands in the products that the user is a member of, by productId, after that
   * one.
   */
  PartialList<MembershipStatus> standingsAfter(String userId, String after, int max);

  /**
   * Where the user stands in those of some products that the user is a member of.
   *
   * @param productIds {@link dev.sluice.query.model.UserProduct#IDS_MAX} at most
   */
  List<MembershipStatus> standings(String userId, List<String> productIds);

  /** By userId, after that one. */
  List<Member> members(String productId, String after, int max);

  /** By userId, after that one; an empty type stands for every type that there is of the id. */
  List<Holder> holders(String sourceId, String sourceType, String after, int max);

  @Nullable Progress progress(String productId);

  /** By productId. */
  List<Sweeping> sweeping(int max);

  /** How many products are being swept. */
  long sweeps();

  /**
   * What updates would do.
   *
   * @param updates as access-updates carries them
   */
  PreviewResult preview(List<byte[]> updates);
}
