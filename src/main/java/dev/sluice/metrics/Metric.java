package dev.sluice.metrics;

import static io.micrometer.core.instrument.Meter.Type.COUNTER;
import static io.micrometer.core.instrument.Meter.Type.GAUGE;
import static io.micrometer.core.instrument.Meter.Type.TIMER;

import io.micrometer.core.instrument.Meter;
import io.micrometer.prometheusmetrics.PrometheusNamingConvention;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Every metric of Sluice's own. The values of a label are bounded in number: no user, product,
 * source, request or event is ever one. docs/metrics.md is made from this.
 */
public enum Metric {
  EVENTS(
      "events",
      COUNTER,
      null,
      "Records of product-events, by the event's type and what became of it: `applied`, `no_op`,"
          + " `duplicate`, or why it was rejected. With the type `time`, what passing time brought:"
          + " `expiry`, `soon`, `very_soon`. The type is `unknown` where the record could not be"
          + " read. All that can come is there from the start, at 0.",
      "type",
      "outcome"),
  REJECTED_EVENTS(
      "rejected.events",
      COUNTER,
      null,
      "Rejected events, which `sluice_events_total` has too. Every reason is there from the start,"
          + " at 0, so that the first rejection is seen as a rise.",
      "reason"),
  RECORDS_SET_ASIDE(
      "records.set.aside",
      COUNTER,
      null,
      "Records that were not processed because `records.set.aside` names them, of product-events"
          + " (`events`) and of access-updates (`updates`).",
      "input"),
  COMMANDS(
      "commands",
      COUNTER,
      null,
      "Commands written. The first fifty source types that come up are told apart, the others are"
          + " `other`.",
      "action",
      "reason",
      "source_type"),
  COMMAND_LATENCY(
      "command.latency",
      TIMER,
      "seconds",
      "From an event's timestamp on product-events to the writing of its commands; each command"
          + " counts. Where time was the cause, from when it was seen to have come. A command is"
          + " readable with the next commit, which is not in it."),
  INPUT_LAG_RECORDS(
      "input.lag.records",
      GAUGE,
      null,
      "Records of the worker's own partitions that are not processed and committed: of"
          + " product-events (`events`) and of access-updates (`updates`). What lies behind a"
          + " producer's open transaction, and cannot be read yet, counts too. NaN while Kafka does"
          + " not say.",
      "input"),
  INPUT_LAG_SECONDS(
      "input.lag",
      GAUGE,
      "seconds",
      "How long the oldest of them has been waiting. What was there before the worker started"
          + " counts from its start, or, of product-events, from the timestamp of what was"
          + " processed last.",
      "input"),
  PRODUCTS("products", GAUGE, null, "Products of the worker's own partitions.", "state"),
  REQUESTS(
      "requests",
      GAUGE,
      null,
      "Access requests of these products, deleted ones left out.",
      "state"),
  MEMBERSHIPS(
      "memberships",
      GAUGE,
      null,
      "Memberships in these products, deleted ones left out; a user counts once for each product."),
  PRODUCTS_COUNTING(
      "products.counting",
      GAUGE,
      null,
      "Partitions of product-events whose products the worker still counts after it took them over."
          + " Until it is 0, the numbers of products, requests and memberships are too low."),
  SWEEPS("sweeps", GAUGE, null, "Products that are being swept, in each partition of the users."),
  SWEEP_MEMBERS_LEFT(
      "sweep.members.left",
      GAUGE,
      null,
      "Members that these sweeps have still to come to: an estimate, since who joins or leaves"
          + " meanwhile is not counted."),
  SWEEP_OLDEST_AGE(
      "sweep.oldest.age",
      GAUGE,
      "seconds",
      "Since when the oldest sweep has been in progress, by the timestamp of the event that began"
          + " it; 0 without any."),
  EXPIRY_DELAY(
      "expiry.delay",
      TIMER,
      "seconds",
      "How late access was ended, or a notice given, after its time. An approval that came after"
          + " its own end counts from when it came.",
      "kind"),
  OVERDUE_AGE(
      "overdue.age",
      GAUGE,
      "seconds",
      "About how long the oldest end of access, or notice, that is due has been waiting to be"
          + " worked off; 0 while nothing waits."),
  TRANSACTIONS(
      "transactions",
      COUNTER,
      null,
      "Transactions, `committed` or `aborted`. What was done in an aborted one is done again.",
      "outcome"),
  TRANSACTION_RECORDS(
      "transaction.records", COUNTER, null, "Records written in committed transactions."),
  TRANSACTION_DURATION(
      "transaction.duration",
      TIMER,
      "seconds",
      "From a committed transaction's first record to its end."),
  REBALANCES("rebalances", COUNTER, null, "How often the work was shared out anew."),
  RESTORING_STORES("restoring.stores", GAUGE, null, "Stores that are being restored."),
  RESTORE_RECORDS_LEFT(
      "restore.records.left",
      GAUGE,
      null,
      "Records that are to be read for that, at most: a changelog has gaps."),
  RESTORED_RECORDS(
      "restored.records", COUNTER, null, "Records of state that were read from changelogs."),
  STATE_DISK_FREE(
      "state.disk.free",
      GAUGE,
      "bytes",
      "What the worker may still write on the disk that holds `data.dir`. NaN while there is no"
          + " such folder."),
  STATE_DISK_SIZE(
      "state.disk.size", GAUGE, "bytes", "How large that disk is. NaN while there is no folder."),
  API_REQUESTS(
      "api.requests",
      COUNTER,
      null,
      "Requests to `/v1`, by route and class of the status (`2xx`); `internal` are those of other"
          + " workers.",
      "route",
      "status"),
  API_DURATION("api.duration", TIMER, "seconds", "How long they took, by route.", "route"),
  WORKER_STATE(
      "worker.state",
      GAUGE,
      null,
      "1 for the state that Kafka Streams is in, 0 for others.",
      "state"),
  THREADS("threads", GAUGE, null, "Stream threads; one that died is not there.", "state"),
  TASKS(
      "tasks",
      GAUGE,
      null,
      "Tasks that the worker works on (`active`), or keeps a copy of (`standby`).",
      "kind"),
  LAST_POLL_AGE(
      "last.poll.age",
      GAUGE,
      "seconds",
      "Since the thread that has not asked Kafka for input for longest did. It grows when a thread"
          + " hangs or waits for an outage's end, and not for want of input."),
  LAST_COMMIT_AGE(
      "last.commit.age",
      GAUGE,
      "seconds",
      "Since the last commit of a transaction with records, or the start. It grows without input."),
  LAST_EVENT_AGE(
      "last.event.age",
      GAUGE,
      "seconds",
      "Since the last event was decided, or the start. It grows without input."),
  API_TOKENS_USABLE(
      "api.tokens.usable",
      GAUGE,
      null,
      "1 while every token that is configured can be checked, or none is; 0 while http.auth.file,"
          + " or a line of it, cannot be read, or the key set of http.auth.jwks could not be had"
          + " when it was asked for last. The log says why.");

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

  /** Its name as Micrometer has it. */
  String meter() {
    return meter;
  }

  /** Its name as Prometheus has it. */
  public String prometheusName() {
    var name = new PrometheusNamingConvention().name(meter, type, unit);
    return type == COUNTER ? name + TOTAL : name;
  }

  /** What kind it is, in Prometheus' words. */
  public String kind() {
    return switch (type) {
      case COUNTER -> "counter";
      case TIMER -> "histogram";
      default -> "gauge";
    };
  }

  /** The unit; null where it counts things. */
  public @Nullable String unit() {
    return unit;
  }

  /** What it says. */
  public String meaning() {
    return meaning;
  }

  /** The help text: the meaning without the quotes that are for the documentation. */
  String help() {
    return meaning.replace("`", "");
  }

  /** The names of its labels. */
  public List<String> labels() {
    return labels;
  }
}
