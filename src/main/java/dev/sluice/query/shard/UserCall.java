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

/** The calls of a {@link UserShard}, one for each of its methods. */
sealed interface UserCall<R> extends ShardCall<UserShard, R> {

  record StandingsAfter(String userId, String after, int max)
      implements UserCall<PartialList<MembershipStatus>> {
    @Override
    public PartialList<MembershipStatus> on(UserShard shard) {
      return shard.standingsAfter(userId, after, max);
    }
  }

  record Standings(String userId, List<String> productIds)
      implements UserCall<List<MembershipStatus>> {
    @Override
    public List<MembershipStatus> on(UserShard shard) {
      return shard.standings(userId, productIds);
    }
  }

  record User(String userId) implements UserCall<UserStatus> {
    @Override
    public @Nullable UserStatus on(UserShard shard) {
      return shard.user(userId);
    }
  }

  record Members(String productId, String after, int max) implements UserCall<List<Member>> {
    @Override
    public List<Member> on(UserShard shard) {
      return shard.members(productId, after, max);
    }
  }

  record Holders(String sourceId, String sourceType, String after, int max)
      implements UserCall<List<Holder>> {
    @Override
    public List<Holder> on(UserShard shard) {
      return shard.holders(sourceId, sourceType, after, max);
    }
  }

  record ProgressOf(String productId) implements UserCall<Progress> {
    @Override
    public @Nullable Progress on(UserShard shard) {
      return shard.progress(productId);
    }
  }

  record SweepingProducts(int max) implements UserCall<List<Sweeping>> {
    @Override
    public List<Sweeping> on(UserShard shard) {
      return shard.sweeping(max);
    }
  }

  record Sweeps() implements UserCall<Long> {
    @Override
    public Long on(UserShard shard) {
      return shard.sweeps();
    }
  }

  /**
   * Carries updates in Avro.
   *
   * @param updates in base64 between workers
   */
  record Preview(List<byte[]> updates) implements UserCall<PreviewResult> {
    @Override
    public PreviewResult on(UserShard shard) {
      return shard.preview(updates);
    }
  }
}
