package dev.sluice.config;

import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigDef.Type;

/** Settings about how the worker works, and where it keeps its state. */
public final class WorkerKeys {
  static final String GROUP = "Worker";

  public static final String THREADS_CONFIG = "threads";
  static final int THREADS_DEFAULT = 2;
  static final String THREADS_DOC = "How many threads of this worker process events.";

  public static final String COMMIT_INTERVAL_MS_CONFIG = "commit.interval.ms";
  static final long COMMIT_INTERVAL_MS_DEFAULT = 100;
  static final String COMMIT_INTERVAL_MS_DOC =
      "How long a transaction gathers, in milliseconds. An event becomes commands by way of two, so"
          + " that a command waits about twice as long at most before consumers see it. A"
          + " transaction may stay open for three times as long, and at least 10 s, unless"
          + " `streams.transaction.timeout.ms` is passed through.";

  public static final String SWEEP_SLICE_MS_CONFIG = "sweep.slice.ms";
  static final long SWEEP_SLICE_MS_DEFAULT = 50;
  static final String SWEEP_SLICE_MS_DOC =
      "How long a thread works on a sweep, in milliseconds, before it looks at its input again."
          + " While a product with many members is suspended, resumed, changed or deleted and other"
          + " events come, slices are a fifth of that; much less costs throughput.";

  public static final String SEQUENCE_JUMP_MAX_CONFIG = "events.sequence.jump.max";
  static final long SEQUENCE_JUMP_MAX_DEFAULT = 100_000_000_000_000_000L;
  static final String SEQUENCE_JUMP_MAX_DOC =
      "By how much an event's sequence may be above the last one of its product; what is higher is"
          + " rejected as IMPLAUSIBLE_SEQUENCE, since all that follows it would come too late. The"
          + " default lets producers count by the time, in nanoseconds, with pauses of three"
          + " years.";

  public static final String SELF_APPROVAL_CONFIG = "approval.self.allowed";
  static final boolean SELF_APPROVAL_DEFAULT = false;
  static final String SELF_APPROVAL_DOC =
      "Whether an approver may approve a stage of their own request. AccessApproved is the"
          + " marketplace's own decision and is not asked.";

  public static final String SHUTDOWN_TIMEOUT_MS_CONFIG = "shutdown.timeout.ms";
  static final long SHUTDOWN_TIMEOUT_MS_DEFAULT = 10_000;
  static final String SHUTDOWN_TIMEOUT_MS_DOC =
      "How long stopping may take, in milliseconds, before the worker leaves without more ado. The"
          + " next start then takes up from the last commit.";

  public static final String NOTICE_SOON_MS_CONFIG = "expiry.notice.soon.ms";
  static final long NOTICE_SOON_MS_DEFAULT = 604_800_000;
  static final String NOTICE_SOON_MS_DOC =
      "How long before temporary access ends its holder gets the first notice on request-status, in"
          + " milliseconds; 0 for never. Access that is not longer than this gets none. The default"
          + " is seven days.";

  public static final String NOTICE_VERY_SOON_MS_CONFIG = "expiry.notice.very.soon.ms";
  static final long NOTICE_VERY_SOON_MS_DEFAULT = 86_400_000;
  static final String NOTICE_VERY_SOON_MS_DOC =
      "How long before temporary access ends its holder gets the second notice, in milliseconds; 0"
          + " for never. Access that is not longer than this gets none. The default is one day.";

  public static final String COMMANDS_EPOCH_CONFIG = "commands.epoch";
  static final int COMMANDS_EPOCH_DEFAULT = 0;
  static final String COMMANDS_EPOCH_DOC =
      "The epoch that every command carries, 0 or above. Revisions count within an epoch: a command"
          + " of a higher epoch is newer than all of a lower one. Raise it by one when a new"
          + " `application.id`, or one whose state was deleted, goes on writing to an"
          + " access-commands topic that holds commands already; never lower it. All workers of a"
          + " group have the same.";

  public static final String RECORDS_SET_ASIDE_CONFIG = "records.set.aside";
  static final String RECORDS_SET_ASIDE_DOC =
      "Records that are not processed but put into rejected-events, with the reason SET_ASIDE: the"
          + " way out where a worker ends at a record again and again, and says so. Each is"
          + " `product-events:PARTITION:OFFSET` or `access-updates:PARTITION:OFFSET`; several are"
          + " separated by commas. All workers need the same. Read the"
          + " [runbook](runbook.md#sluicerecordsetaside) first: what the record should have done is"
          + " to be put right.";

  static final String STATE_GROUP = "State";

  public static final String DATA_DIR_CONFIG = "data.dir";
  static final String DATA_DIR_DEFAULT = "./data";
  static final String DATA_DIR_DOC =
      "The folder for local state. All of it can be restored from Kafka, which takes time; workers"
          + " on one machine need a folder each.";

  public static final String STATE_STORE_CONFIG = "state.store";
  static final String STATE_STORE_DEFAULT = "rocksdb";
  static final String STATE_STORE_DOC =
      "Where products, requests and memberships are kept: `rocksdb` on disk, `memory` on the heap,"
          + " restored from Kafka at every start, and for products of a few thousand members at"
          + " most: a slice of a sweep walks over all of them.";

  public static final String STATE_MEMORY_BYTES_CONFIG = "state.memory.bytes";
  static final long STATE_MEMORY_BYTES_DEFAULT = 134_217_728;
  static final String STATE_MEMORY_BYTES_DOC =
      "How much memory all RocksDB stores of this worker take together, in bytes, outside of Java's"
          + " heap: half of it for what is not yet on disk, the rest for what is read. The default"
          + " is 128 MiB; more serves a state that is read all over.";

  public static final String STATE_TRANSACTIONAL_CONFIG = "state.transactional";
  static final boolean STATE_TRANSACTIONAL_DEFAULT = false;
  static final String STATE_TRANSACTIONAL_DOC =
      "Whether what a transaction writes to the state reaches the disk only when the transaction is"
          + " committed (Kafka's `enable.transactional.statestores`, new in 4.4). Then the state of"
          + " a worker that was killed is used again; without it, that state is removed and"
          + " restored from Kafka. What waits for its commit takes a quarter of"
          + " `state.memory.bytes` at most, on Java's heap and once more outside of it; where more"
          + " waits, it is committed early.";

  private static final Pattern SET_ASIDE =
      Pattern.compile("(product-events|access-updates):[0-9]{1,9}:[0-9]{1,18}");

  private static final int THREADS_MAX = 256;
  private static final int COMMIT_INTERVAL_MS_MIN = 10;
  private static final int COMMIT_INTERVAL_MS_MAX = 60_000;
  private static final int SHUTDOWN_TIMEOUT_MS_MAX = 600_000;

  private static final int SWEEP_SLICE_MS_MAX = 1_000;
  private static final long STATE_MEMORY_BYTES_MIN = 16 << 20;
  private static final long STATE_MEMORY_BYTES_MAX = 1L << 40;
  private static final long NOTICE_MS_MAX = 31_536_000_000L;

  private WorkerKeys() {}

  static void define(SluiceConfigDef def) {
    def.group(GROUP)
        .add(
            THREADS_CONFIG, Type.INT, THREADS_DEFAULT, Allowed.between(1, THREADS_MAX), THREADS_DOC)
        .add(
            COMMIT_INTERVAL_MS_CONFIG,
            Type.LONG,
            COMMIT_INTERVAL_MS_DEFAULT,
            Allowed.between(COMMIT_INTERVAL_MS_MIN, COMMIT_INTERVAL_MS_MAX),
            COMMIT_INTERVAL_MS_DOC)
        .add(
            SWEEP_SLICE_MS_CONFIG,
            Type.LONG,
            SWEEP_SLICE_MS_DEFAULT,
            Allowed.between(1, SWEEP_SLICE_MS_MAX),
            SWEEP_SLICE_MS_DOC)
        .add(
            NOTICE_SOON_MS_CONFIG,
            Type.LONG,
            NOTICE_SOON_MS_DEFAULT,
            Allowed.between(0, NOTICE_MS_MAX),
            NOTICE_SOON_MS_DOC)
        .add(
            NOTICE_VERY_SOON_MS_CONFIG,
            Type.LONG,
            NOTICE_VERY_SOON_MS_DEFAULT,
            Allowed.between(0, NOTICE_MS_MAX),
            NOTICE_VERY_SOON_MS_DOC)
        .add(
            SEQUENCE_JUMP_MAX_CONFIG,
            Type.LONG,
            SEQUENCE_JUMP_MAX_DEFAULT,
            Allowed.between(1, Long.MAX_VALUE),
            SEQUENCE_JUMP_MAX_DOC)
        .add(
            SELF_APPROVAL_CONFIG,
            Type.BOOLEAN,
            SELF_APPROVAL_DEFAULT,
            Allowed.trueOrFalse(),
            SELF_APPROVAL_DOC)
        .add(
            SHUTDOWN_TIMEOUT_MS_CONFIG,
            Type.LONG,
            SHUTDOWN_TIMEOUT_MS_DEFAULT,
            Allowed.between(0, SHUTDOWN_TIMEOUT_MS_MAX),
            SHUTDOWN_TIMEOUT_MS_DOC)
        .add(
            COMMANDS_EPOCH_CONFIG,
            Type.INT,
            COMMANDS_EPOCH_DEFAULT,
            Allowed.between(0, Integer.MAX_VALUE),
            COMMANDS_EPOCH_DOC)
        .add(
            RECORDS_SET_ASIDE_CONFIG,
            Type.LIST,
            null,
            Allowed.listOf("records like access-updates:3:1234, separated by commas", SET_ASIDE),
            RECORDS_SET_ASIDE_DOC);
    def.group(STATE_GROUP)
        .add(
            DATA_DIR_CONFIG,
            Type.STRING,
            DATA_DIR_DEFAULT,
            Allowed.anything("the path of a folder"),
            DATA_DIR_DOC)
        .add(
            STATE_STORE_CONFIG,
            Type.STRING,
            STATE_STORE_DEFAULT,
            Allowed.oneOf("rocksdb", "memory"),
            STATE_STORE_DOC)
        .add(
            STATE_MEMORY_BYTES_CONFIG,
            Type.LONG,
            STATE_MEMORY_BYTES_DEFAULT,
            Allowed.between(STATE_MEMORY_BYTES_MIN, STATE_MEMORY_BYTES_MAX),
            STATE_MEMORY_BYTES_DOC)
        .add(
            STATE_TRANSACTIONAL_CONFIG,
            Type.BOOLEAN,
            STATE_TRANSACTIONAL_DEFAULT,
            Allowed.trueOrFalse(),
            STATE_TRANSACTIONAL_DOC);
  }
}
