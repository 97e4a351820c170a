package dev.sluice.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Settings of the worker's processing and state. */
public final class WorkerKeys {
  static final SettingGroup GROUP = new SettingGroup("Worker");
  static final SettingGroup STATE_GROUP = new SettingGroup("State");

  private static final long NOTICE_MS_MAX = 31_536_000_000L;
  private static final Pattern SET_ASIDE =
      Pattern.compile("(product-events|user-events|access-updates):[0-9]{1,9}:[0-9]{1,18}");

  public static final Setting<Integer> THREADS =
      GROUP
          .integer("threads", 2)
          .between(1, 256)
          .doc("Number of threads of this worker that process events.");

  public static final Setting<Duration> COMMIT_INTERVAL =
      GROUP
          .millis("commit.interval.ms", 100)
          .between(10, 60_000)
          .doc(
              "Duration of a transaction, in milliseconds. An event becomes commands in two"
                  + " transactions, so consumers see a command after at most about twice this time."
                  + " A transaction may stay open for three times this long, and at least 10 s,"
                  + " unless `streams.transaction.timeout.ms` is set.");

  public static final Setting<Duration> COMMIT_IDLE =
      GROUP
          .millis("commit.idle.interval.ms", 20)
          .between(0, 60_000)
          .doc(
              "Shortest time between two commits that a thread makes because it has nothing more to"
                  + " process, in milliseconds. With a backlog a thread commits at"
                  + " `commit.interval.ms`. Smaller values let a single event take effect sooner,"
                  + " and cause more transactions. A value above `commit.interval.ms` disables"
                  + " these commits.");

  public static final Setting<Duration> SWEEP_SLICE =
      GROUP
          .millis("sweep.slice.ms", 50)
          .between(1, 1_000)
          .doc(
              "Duration of a slice: how long a thread works on a sweep, in milliseconds, before it"
                  + " reads its input again. If other events arrive while a product with many"
                  + " members is suspended, resumed, changed or deleted, a slice is one fifth as"
                  + " long. Much smaller values cost throughput.");

  public static final Setting<Duration> NOTICE_SOON =
      GROUP
          .millis("expiry.notice.soon.ms", 604_800_000)
          .between(0, NOTICE_MS_MAX)
          .doc(
              "How long before the end of temporary access request-status has the first notice to"
                  + " its holder, in milliseconds; 0 for no notice. Access that lasts no longer"
                  + " than this gets none. The default is seven days.");

  public static final Setting<Duration> NOTICE_VERY_SOON =
      GROUP
          .millis("expiry.notice.very.soon.ms", 86_400_000)
          .between(0, NOTICE_MS_MAX)
          .doc(
              "How long before the end of temporary access request-status has the second notice, in"
                  + " milliseconds; 0 for no notice. Access that lasts no longer than this gets"
                  + " none. The default is one day.");

  public static final Setting<Long> SEQUENCE_JUMP_MAX =
      GROUP
          .number("events.sequence.jump.max", 100_000_000_000_000_000L)
          .between(1, Long.MAX_VALUE)
          .doc(
              "Maximum difference between an event's sequence and the last one of its product. A"
                  + " higher sequence is rejected as IMPLAUSIBLE_SEQUENCE, since all later events"
                  + " would be rejected as late. The default allows sequences from a clock, in"
                  + " nanoseconds, with pauses of three years.");

  public static final Setting<Boolean> SELF_APPROVAL =
      GROUP
          .flag("approval.self.allowed", false)
          .doc(
              "Whether an approver may approve a stage of their own request. AccessApproved is the"
                  + " marketplace's own decision and is not checked.");

  public static final Setting<Duration> SHUTDOWN_TIMEOUT =
      GROUP
          .millis("shutdown.timeout.ms", 10_000)
          .between(0, 600_000)
          .doc(
              "Maximum time to stop, in milliseconds. After it the worker exits without completing"
                  + " its work. The next start continues from the last commit.");

  public static final Setting<Integer> COMMANDS_EPOCH =
      GROUP
          .integer("commands.epoch", 0)
          .between(0, Integer.MAX_VALUE)
          .doc(
              "The epoch that every command carries, 0 or above. Revisions count within an epoch: a"
                  + " command of a higher epoch is newer than all of a lower one. Increase it by"
                  + " one when a new `application.id`, or one whose state was deleted, continues to"
                  + " write to an access-commands topic that already holds commands; never decrease"
                  + " it. All workers of a group need the same value.");

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
              "Records that are written to rejected-events instead of being processed, with the"
                  + " reason SET_ASIDE: the remedy when a worker stops at the same record"
                  + " repeatedly and logs so. Each is `product-events:PARTITION:OFFSET`,"
                  + " `user-events:PARTITION:OFFSET` or `access-updates:PARTITION:OFFSET`; several"
                  + " are separated by commas. All workers need the same value. Read the"
                  + " [runbook](runbook.md#sluicerecordsetaside) first: the missing effect of the"
                  + " record must be repaired.");

  public static final Setting<Path> DATA_DIR =
      STATE_GROUP
          .text("data.dir", "./data")
          .allowed(SettingValidator.anything("the path of a folder"))
          .as(Path::of)
          .doc(
              "The folder for local state. All of it can be restored from Kafka, which takes time;"
                  + " each worker on a machine needs its own folder.");

  public static final Setting<StateStore> STATE_STORE =
      STATE_GROUP
          .text("state.store", "rocksdb")
          .oneOf("rocksdb", "memory")
          .as(name -> StateStore.valueOf(name.toUpperCase(Locale.ROOT)))
          .doc(
              "Where products, requests and memberships are stored: `rocksdb` on disk, or `memory`"
                  + " on the heap, restored from Kafka at every start. `memory` suits products of"
                  + " up to a few thousand members: a slice of a sweep reads all of them.");

  public static final Setting<Long> STATE_MEMORY_BYTES =
      STATE_GROUP
          .number("state.memory.bytes", 268_435_456)
          .between(16 << 20, 1L << 40)
          .doc(
              "Memory of all RocksDB stores of this worker together, in bytes, outside"
                  + " Java's heap: half for data not yet on disk, the rest for reading."
                  + " The default is 256 MiB; more helps if reads cover the whole state.");

  public static final Setting<Boolean> STATE_TRANSACTIONAL =
      STATE_GROUP
          .flag("state.transactional", false)
          .doc(
              "Whether state changes of a transaction reach the disk only when the transaction is"
                  + " committed (Kafka's `enable.transactional.statestores`, new in 4.4). Then a"
                  + " worker reuses its state after a crash; without it, the state is removed and"
                  + " restored from Kafka. Changes that wait for the commit take at most a quarter"
                  + " of `state.memory.bytes`, on Java's heap and again outside it; beyond that,"
                  + " the worker commits early.");

  private WorkerKeys() {}
}
