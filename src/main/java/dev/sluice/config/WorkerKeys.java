package dev.sluice.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Settings about how the worker works, and where it keeps its state. */
public final class WorkerKeys {
  static final SettingGroup GROUP = new SettingGroup("Worker");
  static final SettingGroup STATE_GROUP = new SettingGroup("State");

  private static final long NOTICE_MS_MAX = 31_536_000_000L;
  private static final Pattern SET_ASIDE =
      Pattern.compile("(product-events|access-updates):[0-9]{1,9}:[0-9]{1,18}");

  public static final Setting<Integer> THREADS =
      GROUP
          .integer("threads", 2)
          .between(1, 256)
          .doc("How many threads of this worker process events.");

  public static final Setting<Duration> COMMIT_INTERVAL =
      GROUP
          .millis("commit.interval.ms", 100)
          .between(10, 60_000)
          .doc(
              "How long a transaction gathers, in milliseconds. An event becomes commands by way of"
                  + " two, so that a command waits about twice as long at most before consumers see"
                  + " it. A transaction may stay open for three times as long, and at least 10 s,"
                  + " unless `streams.transaction.timeout.ms` is passed through.");

  public static final Setting<Duration> SWEEP_SLICE =
      GROUP
          .millis("sweep.slice.ms", 50)
          .between(1, 1_000)
          .doc(
              "How long a thread works on a sweep, in milliseconds, before it looks at its input"
                  + " again. While a product with many members is suspended, resumed, changed or"
                  + " deleted and other events come, slices are a fifth of that; much less costs"
                  + " throughput.");

  public static final Setting<Duration> NOTICE_SOON =
      GROUP
          .millis("expiry.notice.soon.ms", 604_800_000)
          .between(0, NOTICE_MS_MAX)
          .doc(
              "How long before temporary access ends its holder gets the first notice on"
                  + " request-status, in milliseconds; 0 for never. Access that is not longer than"
                  + " this gets none. The default is seven days.");

  public static final Setting<Duration> NOTICE_VERY_SOON =
      GROUP
          .millis("expiry.notice.very.soon.ms", 86_400_000)
          .between(0, NOTICE_MS_MAX)
          .doc(
              "How long before temporary access ends its holder gets the second notice, in"
                  + " milliseconds; 0 for never. Access that is not longer than this gets none. The"
                  + " default is one day.");

  public static final Setting<Long> SEQUENCE_JUMP_MAX =
      GROUP
          .number("events.sequence.jump.max", 100_000_000_000_000_000L)
          .between(1, Long.MAX_VALUE)
          .doc(
              "By how much an event's sequence may be above the last one of its product; what is"
                  + " higher is rejected as IMPLAUSIBLE_SEQUENCE, since all that follows it would"
                  + " come too late. The default lets producers count by the time, in nanoseconds,"
                  + " with pauses of three years.");

  public static final Setting<Boolean> SELF_APPROVAL =
      GROUP
          .flag("approval.self.allowed", false)
          .doc(
              "Whether an approver may approve a stage of their own request. AccessApproved is the"
                  + " marketplace's own decision and is not asked.");

  public static final Setting<Duration> SHUTDOWN_TIMEOUT =
      GROUP
          .millis("shutdown.timeout.ms", 10_000)
          .between(0, 600_000)
          .doc(
              "How long stopping may take, in milliseconds, before the worker leaves without more"
                  + " ado. The next start then takes up from the last commit.");

  public static final Setting<Integer> COMMANDS_EPOCH =
      GROUP
          .integer("commands.epoch", 0)
          .between(0, Integer.MAX_VALUE)
          .doc(
              "The epoch that every command carries, 0 or above. Revisions count within an epoch: a"
                  + " command of a higher epoch is newer than all of a lower one. Raise it by one"
                  + " when a new `application.id`, or one whose state was deleted, goes on writing"
                  + " to an access-commands topic that holds commands already; never lower it. All"
                  + " workers of a group have the same.");

  public static final Setting<Boolean> COMMANDS_DIRECT_SEND =
      GROUP
          .flag("commands.direct.send", true)
          .doc(
              "Whether commands go straight into the transaction that Kafka Streams has open, past"
                  + " its nodes and callbacks: a large sweep is faster and needs less heap. With"
                  + " `false` every command goes through Streams' own sink. Consumers see no"
                  + " difference, and the workers of a group may differ. Set `false` where"
                  + " something about commands is in doubt.");

  public static final Setting<List<String>> RECORDS_SET_ASIDE =
      GROUP
          .list("records.set.aside", null)
          .allowed(
              SettingValidator.listOf(
                  "records like access-updates:3:1234, separated by commas", SET_ASIDE))
          .orElse(List.of())
          .doc(
              "Records that are not processed but put into rejected-events, with the reason"
                  + " SET_ASIDE: the way out where a worker ends at a record again and again, and"
                  + " says so. Each is `product-events:PARTITION:OFFSET` or"
                  + " `access-updates:PARTITION:OFFSET`; several are separated by commas. All"
                  + " workers need the same. Read the [runbook](runbook.md#sluicerecordsetaside)"
                  + " first: what the record should have done is to be put right.");

  public static final Setting<Path> DATA_DIR =
      STATE_GROUP
          .text("data.dir", "./data")
          .allowed(SettingValidator.anything("the path of a folder"))
          .as(Path::of)
          .doc(
              "The folder for local state. All of it can be restored from Kafka, which takes time;"
                  + " workers on one machine need a folder each.");

  public static final Setting<StateStore> STATE_STORE =
      STATE_GROUP
          .text("state.store", "rocksdb")
          .oneOf("rocksdb", "memory")
          .as(name -> StateStore.valueOf(name.toUpperCase(Locale.ROOT)))
          .doc(
              "Where products, requests and memberships are kept: `rocksdb` on disk, `memory` on"
                  + " the heap, restored from Kafka at every start, and for products of a few"
                  + " thousand members at most: a slice of a sweep walks over all of them.");

  public static final Setting<Long> STATE_MEMORY_BYTES =
      STATE_GROUP
          .number("state.memory.bytes", 134_217_728)
          .between(16 << 20, 1L << 40)
          .doc(
              "How much memory all RocksDB stores of this worker take together, in bytes, outside"
                  + " of Java's heap: half of it for what is not yet on disk, the rest for what is"
                  + " read. The default is 128 MiB; more serves a state that is read all over.");

  public static final Setting<Boolean> STATE_TRANSACTIONAL =
      STATE_GROUP
          .flag("state.transactional", false)
          .doc(
              "Whether what a transaction writes to the state reaches the disk only when the"
                  + " transaction is committed (Kafka's `enable.transactional.statestores`, new in"
                  + " 4.4). Then the state of a worker that was killed is used again; without it,"
                  + " that state is removed and restored from Kafka. What waits for its commit"
                  + " takes a quarter of `state.memory.bytes` at most, on Java's heap and once more"
                  + " outside of it; where more waits, it is committed early.");

  private WorkerKeys() {}
}
