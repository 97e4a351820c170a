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
 * A shard of users whose methods are calls.
 *
 * @param asker makes the calls
 */
record UserShardClient(ShardAsker<UserShard> asker) implements UserShard {

  @Override
  public PartialList<MembershipStatus> standingsAfter(String userId, String after, int max) {
    return asker.require(new UserCall.StandingsAfter(userId, after, max));
  }

  @Override
  public List<MembershipStatus> standings(String userId, List<String> productIds) {
    return asker.require(new UserCall.Standings(userId, productIds));
  }

  @Override
  public @Nullable UserStatus user(String userId) {
    return asker.ask(new UserCall.User(userId));
  }

  @Override
  public List<Member> members(String productId, String after, int max) {
    return asker.require(new UserCall.Members(productId, after, max));
  }

  @Override
  public List<Holder> holders(String sourceId, String sourceType, String after, int max) {
    return asker.require(new UserCall.Holders(sourceId, sourceType, after, max));
  }

  @Override
  public @Nullable Progress progress(String productId) {
    return asker.ask(new UserCall.ProgressOf(productId));
  }

  @Override
  public List<Sweeping> sweeping(int max) {
    return asker.require(new UserCall.SweepingProducts(max));
  }

  @Override
  public long sweeps() {
    return asker.require(new UserCall.Sweeps());
  }

  @Override
  public PreviewResult preview(List<byte[]> updates) {
    return asker.require(new UserCall.Preview(updates));
  }
}
