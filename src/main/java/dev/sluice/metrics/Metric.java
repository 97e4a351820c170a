package dev.sluice.metrics;

import static io.micrometer.core.instrument.Meter.Type.COUNTER;
import static io.micrometer.core.instrument.Meter.Type.GAUGE;
import static io.micrometer.core.instrument.Meter.Type.TIMER;

import io.micrometer.core.instrument.Meter;
import io.micrometer.prometheusmetrics.PrometheusNamingConvention;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All of Sluice's own metrics. Label values are limited in number: never a user, product, source,
 * request or event. docs/metrics.md is generated from this enum.
 */
public enum Metric {
  EVENTS(
      "events",
      COUNTER,
      null,
      "Records of product-events and user-events, by the event's type and outcome: `applied`,"
          + " `no_op`, `duplicate`, or the rejection reason. The type `time` counts effects of"
          + " passing time: `expiry`, `soon`, `very_soon`. The type is `unknown` where the record"
          + " could not be read. All possible combinations exist from the start, at 0.",
      "type",
      "outcome"),
  REJECTED_EVENTS(
      "rejected.events",
      COUNTER,
      null,
      "Rejected events, which `sluice_events_total` counts too. Every reason exists from the start,"
          + " at 0, so that the first rejection shows as an increase.",
      "reason"),
  RECORDS_SET_ASIDE(
      "records.set.aside",
      COUNTER,
      null,
      "Records that were not processed because `records.set.aside` names them, of product-events"
          + " (`events`), of user-events (`users`) and of access-updates (`updates`).",
      "input"),
  COMMANDS(
      "commands",
      COUNTER,
      null,
      "Commands written. The first fifty source types have their own label value, the others are"
          + " `other`.",
      "action",
      "reason",
      "source_type"),
  COMMAND_LATENCY(
      "command.latency",
      TIMER,
      "seconds",
      "Time from an event's timestamp on product-events to the writing of its commands; each"
          + " command counts. For effects of time, it begins when the worker noticed the due time."
          + " The commit, after which consumers can read the command, is not included."),
  INPUT_LAG_RECORDS(
      "input.lag.records",
      GAUGE,
      null,
      "Records of the worker's own partitions that are not yet processed and committed: of"
          + " product-events (`events`), of user-events (`users`) and of access-updates"
          + " (`updates`); with delivery, of access-commands (`commands`) and access-results"
          + " (`results`). Records behind a producer's open transaction, which cannot be read yet,"
          + " count too. NaN while Kafka does not report it.",
      "input"),
  INPUT_LAG_SECONDS(
      "input.lag",
      GAUGE,
      "seconds",
      "Waiting time of the oldest of these records. Records older than the worker's start"
          + " count from its start, or, for product-events, from the timestamp of the record"
          + " processed last.",
      "input"),
  PRODUCTS("products", GAUGE, null, "Products of the worker's own partitions.", "state"),
  REQUESTS(
      "requests",
      GAUGE,
      null,
      "Access requests for these products, without deleted products.",
      "state"),
  MEMBERSHIPS(
      "memberships",
      GAUGE,
      null,
      "Memberships in these products, without deleted products; a user counts once for each"
          + " product."),
  PRODUCTS_COUNTING(
      "products.counting",
      GAUGE,
      null,
      "Partitions of product-events whose products the worker still counts after it took them over."
          + " Until it is 0, the numbers of products, requests and memberships are too low."),
  SWEEPS("sweeps", GAUGE, null, "Sweeps in progress: one for each product and user partition."),
  SWEEP_MEMBERS_LEFT(
      "sweep.members.left",
      GAUGE,
      null,
      "Members that these sweeps have not yet processed: an estimate, since members who join or"
          + " leave during a sweep are not counted."),
  SWEEP_OLDEST_AGE(
      "sweep.oldest.age",
      GAUGE,
      "seconds",
      "Start of the oldest sweep in progress, as the timestamp of the event that began"
          + " it; 0 if there is none."),
  USERS_DEACTIVATED(
      "users.deactivated",
      GAUGE,
      null,
      "Users of the worker's own user partitions whose access is withheld, wholly or in part,"
          + " because of UserDeactivated."),
  USERS_LEFT(
      "users.left",
      GAUGE,
      null,
      "Those of them whose sources are still to be taken or given back, slice by slice."),
  EXPIRY_DELAY(
      "expiry.delay",
      TIMER,
      "seconds",
      "Delay with which access was started or ended, a request lapsed, or a notice was given. An"
          + " approval that arrived after its own end counts from its arrival.",
      "kind"),
  OVERDUE_AGE(
      "overdue.age",
      GAUGE,
      "seconds",
      "Approximate waiting time of the oldest change by time that is due: an end or a start of"
          + " access, a lapse, or a notice. 0 while nothing waits."),
  DELIVERY_OUTSTANDING(
      "delivery.outstanding",
      GAUGE,
      null,
      "Commands that no platform has confirmed, in the partitions of this process. The first fifty"
          + " source types have their own label value, the others are `other`. The action is"
          + " written as in the contract.",
      "action",
      "source_type"),
  DELIVERY_OLDEST(
      "delivery.oldest",
      GAUGE,
      "seconds",
      "Time since the oldest of these commands was written.",
      "action",
      "source_type"),
  DELIVERY_OVERDUE(
      "delivery.overdue",
      GAUGE,
      null,
      "Those of these commands whose deadline has passed. An overdue `REVOKE` means that somebody"
          + " may still have access.",
      "action",
      "source_type"),
  DELIVERY_FAILED(
      "delivery.failed",
      GAUGE,
      null,
      "Those of these commands that failed and are not tried again by themselves.",
      "error_class",
      "source_type"),
  DELIVERY_HELD(
      "delivery.held",
      GAUGE,
      null,
      "Those of these commands that wait until a person lets them go.",
      "source_type"),
  DELIVERY_COUNTING(
      "delivery.counting",
      GAUGE,
      null,
      "Partitions whose outstanding commands delivery still counts after it took them over. Until"
          + " it is 0, the numbers above are too low."),
  DELIVERY_COMMANDS(
      "delivery.commands",
      COUNTER,
      null,
      "Commands that delivery has read, and that were the newest of their user and source.",
      "action"),
  DELIVERY_COMMANDS_IGNORED(
      "delivery.commands.ignored",
      COUNTER,
      null,
      "Commands that change nothing, because a foreign writer wrote them (`no_value`,"
          + " `unreadable`, `key_mismatch`, `wrong_partition`), or a newer or the same command is"
          + " outstanding (`superseded`, `repeated`).",
      "reason"),
  DELIVERY_RESULTS(
      "delivery.results",
      COUNTER,
      null,
      "Results, by what became of them. `applied`, `retrying`, `failed`, `held`: they say so of an"
          + " outstanding command. `repeated`: they say what was known. `superseded`: a newer"
          + " command or result was known. `unmatched`: no command came within"
          + " `delivery.result.hold.ms`; it was confirmed before, or there never was one."
          + " `unreadable`, `key_mismatch`, `wrong_partition`, `wrong_action`, `unknown_outcome`:"
          + " their writer is wrong, or newer. `future`: their time was more than five minutes"
          + " ahead, and the time of reading was used; they count a second time with what became"
          + " of them.",
      "outcome"),
  DELIVERY_CONFIRMATION(
      "delivery.confirmation",
      TIMER,
      "seconds",
      "Time from a command to its confirmation, by the clock of whoever carried it out.",
      "action"),
  TRANSACTIONS(
      "transactions",
      COUNTER,
      null,
      "Transactions, `committed` or `aborted`. The work of an aborted one is repeated.",
      "outcome"),
  TRANSACTION_RECORDS(
      "transaction.records", COUNTER, null, "Records written in committed transactions."),
  TRANSACTION_DURATION(
      "transaction.duration",
      TIMER,
      "seconds",
      "Time from a committed transaction's first record to its end."),
  REBALANCES("rebalances", COUNTER, null, "Number of rebalances: new assignments of partitions."),
  RESTORING_STORES("restoring.stores", GAUGE, null, "Stores being restored."),
  RESTORE_RECORDS_LEFT(
      "restore.records.left",
      GAUGE,
      null,
      "Upper bound of the records to read for that; a changelog has gaps."),
  RESTORED_RECORDS("restored.records", COUNTER, null, "Records of state read from changelogs."),
  STATE_DISK_FREE(
      "state.disk.free",
      GAUGE,
      "bytes",
      "Space that the worker can still use on the disk that holds `data.dir`. NaN while the"
          + " folder does not exist."),
  STATE_DISK_SIZE(
      "state.disk.size", GAUGE, "bytes", "Size of that disk. NaN while the folder does not exist."),
  API_REQUESTS(
      "api.requests",
      COUNTER,
      null,
      "Requests to `/v1`, by route and class of the status (`2xx`); `internal` are those of other"
          + " workers.",
      "route",
      "status"),
  API_DURATION("api.duration", TIMER, "seconds", "Duration of these requests, by route.", "route"),
  WORKER_STATE(
      "worker.state",
      GAUGE,
      null,
      "1 for the current state of Kafka Streams, 0 for others.",
      "state"),
  THREADS("threads", GAUGE, null, "Stream threads that are alive.", "state"),
  TASKS(
      "tasks",
      GAUGE,
      null,
      "Tasks that the worker processes (`active`), or holds a copy of (`standby`).",
      "kind"),
  LAST_POLL_AGE(
      "last.poll.age",
      GAUGE,
      "seconds",
      "Seconds since the least recent poll of any stream thread. The value grows when a thread"
          + " hangs or waits for the end of an outage, but not for lack of input."),
  LAST_COMMIT_AGE(
      "last.commit.age",
      GAUGE,
      "seconds",
      "Time since the last commit of a transaction with records, or since the start. It grows"
          + " without input."),
  LAST_EVENT_AGE(
      "last.event.age",
      GAUGE,
      "seconds",
      "Time since the last decision about an event, or since the start. It grows without input."),
  API_TOKENS_USABLE(
      "api.tokens.usable",
      GAUGE,
      null,
      "1 while all configured tokens can be checked, or none is configured; 0 while http.auth.file,"
          + " or a line of it, cannot be read, or the last attempt to read the key set of"
          + " http.auth.jwks failed. The log has the reason.");

  private static final String PREFIX = "sluice.";
  private static final String TOTAL = "_total";

  private final String meter;
  private final Meter.Type type;
  private final @Nullable String unit;
  private final String meaning;
  private final List<String> labels;

  Metric(String name, Meter.Type type, @Nullable String unit, String meaning, String... labels) {
    this.meter = PREFIX + name;
    this.type = type;
    this.unit = unit;
    this.meaning = meaning;
    this.labels = List.of(labels);
  }

  /** Returns the name in Micrometer. */
  String meter() {
    return meter;
  }

  /** Returns the name in Prometheus. */
  public String prometheusName() {
    var name = new PrometheusNamingConvention().name(meter, type, unit);
    return type == COUNTER ? name + TOTAL : name;
  }

  /** Returns the type, in Prometheus' words. */
  public String kind() {
    return switch (type) {
      case COUNTER -> "counter";
      case TIMER -> "histogram";
      default -> "gauge";
    };
  }

  /** Returns the unit; null for a count. */
  public @Nullable String unit() {
    return unit;
  }

  /** Returns the description. */
  public String meaning() {
    return meaning;
  }

  /** Returns the help text: the description without backquotes. */
  String help() {
    return meaning.replace("`", "");
  }

  /** Returns the names of the labels. */
  public List<String> labels() {
    return labels;
  }
}
