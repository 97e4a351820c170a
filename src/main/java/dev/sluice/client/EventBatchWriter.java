package dev.sluice.client;

import dev.sluice.config.ApiKeys;
import dev.sluice.config.SluiceConfig;
import dev.sluice.event.Event;
import dev.sluice.failure.FailureHandler;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes events of other producers to product-events: the events of one call in one transaction, so
 * that all are written or none. Thread-safe.
 *
 * <p>{@link #WRITERS} calls run at a time, each with its own producer, which is created when first
 * needed; {@link #WAITING_MAX} more wait, in order. One publisher has at most half of these places,
 * and each further one at most half of the rest. A call takes at most {@code
 * http.events.timeout.ms}, whatever Kafka and the registry do: a call that ends before its commit
 * began is never committed.
 */
public final class EventBatchWriter implements AutoCloseable {

  /** Number of calls processed at the same time. */
  static final int WRITERS = 4;

  /** Maximum number of waiting calls. */
  static final int WAITING_MAX = 32;

  /** Numbers writers across the process; a number is part of an id. */
  private static final AtomicInteger NUMBERS = new AtomicInteger();

  private static final Logger LOG = LoggerFactory.getLogger(EventBatchWriter.class);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

  /** Minimum transaction timeout, equal to that of the worker's own transactions. */
  private static final long TRANSACTION_MS_MIN = 10_000;

  private final long timeoutMs;
  private final ThreadPoolExecutor threads;
  private final BlockingDeque<Writer> idle = new LinkedBlockingDeque<>();

  /** Number of unanswered calls, by publisher. */
  private final Map<String, Integer> open = new HashMap<>();

  private int openCalls;

  /** Partition and offset of a written event. */
  public record Place(String eventId, int partition, long offset) {}

  /** Thrown if nothing was written, and nothing will be. */
  public static class NotWrittenException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotWrittenException(String why, @Nullable Throwable cause) {
      super("nothing was written: " + why, cause);
    }
  }

  /** Thrown if nothing was written, since too many calls are waiting. */
  public static final class TooManyException extends NotWrittenException {
    private static final long serialVersionUID = 1L;

    TooManyException(@Nullable Throwable cause) {
      super(
          "%d calls with events are already waiting; try again".formatted(WRITERS + WAITING_MAX),
          cause);
    }

    TooManyException(String publisher, int calls) {
      super(
          "%s has %d calls with events that are not answered, which is the limit for one publisher now; try again when one of them is answered"
              .formatted(publisher, calls),
          null);
    }
  }

  /** Thrown if nothing was written, since one event is too large. */
  public static final class TooLargeException extends NotWrittenException {
    private static final long serialVersionUID = 1L;

    private final int index;

    TooLargeException(int index, String why, @Nullable Throwable cause) {
      super(why, cause);
      this.index = index;
    }

    /** Returns the index of the event, from 0. */
    public int index() {
      return index;
    }
  }

  /** Thrown if the result of a commit is unknown: all events are written, or none. */
  public static final class NotKnownException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotKnownException(int events, String why, @Nullable Throwable cause) {
      super(
          ("it is unknown whether Kafka has the %d events (%s): either all of them are written,"
                  + " or none; sending all of them again is harmless if they have a sequence")
              .formatted(events, why),
          cause);
    }
  }

  /** Creates a writer that connects with the first event. */
  public EventBatchWriter(SluiceConfig config) {
    this(config, NUMBERS.getAndAdd(WRITERS));
  }

  private EventBatchWriter(SluiceConfig config, int first) {
    this(
        config.get(ApiKeys.EVENTS_TIMEOUT),
        () -> new EventRecordEncoder(config),
        number -> producer(config, first + number));
  }

  /**
   * Creates a writer with other clients.
   *
   * @param records creates a writer's encoder
   * @param producers creates a writer's producer, given the writer's number
   */
  EventBatchWriter(
      Duration timeout,
      Supplier<EventRecordEncoder> records,
      Function<Integer, Producer<byte[], byte[]>> producers) {
    timeoutMs = timeout.toMillis();
    for (int i = 0; i < WRITERS; i++) {
      idle.addLast(new Writer(i, records, producers));
    }
    threads =
        new ThreadPoolExecutor(
            WRITERS,
            WRITERS,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(WAITING_MAX),
            Thread.ofPlatform().daemon().name("events-", 0).factory());
  }

  static Producer<byte[], byte[]> producer(SluiceConfig config, int number) {
    var ms = (int) config.get(ApiKeys.EVENTS_TIMEOUT).toMillis();
    Map<String, Object> settings = new HashMap<>(EventPublisher.settings(config));
    settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId(config, number));
    settings.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, (int) Math.max(TRANSACTION_MS_MIN, ms));
    // The caller waits for the answer.
    settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, ms);
    settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, ms);
    settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, ms);
    return new KafkaProducer<>(settings, EventPublisher.BYTES, EventPublisher.BYTES);
  }

  /**
   * Returns an id unique among processes and workers, so that no producer is fenced by another.
   * Open transactions of a killed process are aborted when they time out.
   */
  private static String transactionalId(SluiceConfig config, int number) {
    var self = ProcessHandle.current();
    var began = self.info().startInstant().map(at -> at.toEpochMilli()).orElse(0L);
    return "%s-intake-%s-%d-%s-%d"
        .formatted(config.applicationId(), host(), self.pid(), Long.toHexString(began), number);
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown";
    }
  }

  /**
   * Writes events in one transaction, and in order.
   *
   * @param publisher the sender, for the header {@code sluice.publisher} of each event; null for
   *     none
   * @return partition and offset of each event, after Kafka has committed all
   * @throws NotWrittenException if none was written
   * @throws NotKnownException if either all were written, or none
   */
  public List<Place> write(List<? extends Event> events, @Nullable String publisher) {
    var caller = publisher == null ? "this caller" : publisher;
    enter(caller);
    try {
      return written(new Call(List.copyOf(events), publisher));
    } finally {
      leave(caller);
    }
  }

  private synchronized void enter(String caller) {
    int held = open.getOrDefault(caller, 0);
    int free = WRITERS + WAITING_MAX - openCalls;
    if (free <= 0) {
      throw new TooManyException(null);
    }
    if (held + 1 > free) {
      throw new TooManyException(caller, held);
    }
    openCalls++;
    open.merge(caller, 1, Integer::sum);
  }

  private synchronized void leave(String caller) {
    openCalls--;
    open.computeIfPresent(caller, (name, n) -> n == 1 ? null : n - 1);
  }

  private List<Place> written(Call call) {
    try {
      threads.execute(call);
    } catch (RejectedExecutionException e) {
      if (threads.isShutdown()) {
        throw new NotWrittenException("the worker is stopping", e);
      }
      throw new TooManyException(e);
    }
    try {
      return call.places.get(timeoutMs, TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw call.failed(e.getCause() == null ? e : e.getCause());
    } catch (TimeoutException e) {
      threads.remove(call);
      throw call.abandoned(
          "no answer from %s within %d ms (http.events.timeout.ms)"
              .formatted(call.waitsFor, timeoutMs),
          e);
    } catch (InterruptedException e) {
      threads.remove(call);
      Thread.currentThread().interrupt();
      throw call.abandoned("the worker is stopping", e);
    }
  }

  /** Returns the number of calls that wait for a writer. */
  int waiting() {
    return threads.getQueue().size();
  }

  /** State of a call. The thread that changes it decides the answer. */
  private enum Stage {
    /** No sent record can become visible yet. */
    OPEN,
    /** The commit was requested. */
    COMMITTING,
    /** The caller no longer waits, and the call will not be committed. */
    ABANDONED
  }

  /** The events of one call. */
  private final class Call implements Runnable {
    private final List<? extends Event> events;
    private final @Nullable String publisher;
    private final CompletableFuture<List<Place>> places = new CompletableFuture<>();
    private final AtomicReference<Stage> stage = new AtomicReference<>(Stage.OPEN);

    /** Reason of the wait, for messages. */
    private volatile String waitsFor = "the calls before this one";

    private Call(List<? extends Event> events, @Nullable String publisher) {
      this.events = events;
      this.publisher = publisher;
    }

    @Override
    public void run() {
      if (stage.get() != Stage.OPEN) {
        return;
      }
      var writer = idle.pollFirst();
      if (writer == null) {
        throw new IllegalStateException("more threads than writers");
      }
      try {
        places.complete(writer.write(this));
      } catch (RuntimeException e) {
        places.completeExceptionally(e);
        // The caller has an answer; the open transaction is ended after it.
        writer.abort();
      } catch (Error e) {
        places.completeExceptionally(e);
        throw e;
      } finally {
        idle.addFirst(writer);
      }
    }

    /**
     * Begins the commit, whose result is unknown until Kafka answers; false if the caller no longer
     * waits.
     */
    private boolean commits() {
      return stage.compareAndSet(Stage.OPEN, Stage.COMMITTING);
    }

    private RuntimeException abandoned(String why, Throwable cause) {
      return stage.compareAndSet(Stage.OPEN, Stage.ABANDONED)
          ? new NotWrittenException(why, cause)
          : new NotKnownException(events.size(), why, cause);
    }

    private RuntimeException failed(Throwable cause) {
      if (stage.get() == Stage.COMMITTING) {
        return new NotKnownException(events.size(), FailureHandler.messages(cause), cause);
      }
      return cause instanceof NotWrittenException own ? own : notWritten(cause);
    }
  }

  /** A producer with its encoder. For one thread at a time. */
  private final class Writer {
    private final int number;
    private final Supplier<EventRecordEncoder> recordsOf;
    private final Function<Integer, Producer<byte[], byte[]>> producers;
    private @Nullable EventRecordEncoder records;
    private @Nullable Producer<byte[], byte[]> producer;

    /** Whether the producer may begin transactions. */
    private boolean begun;

    /** Whether a transaction is open. */
    private boolean open;

    private Writer(
        int number,
        Supplier<EventRecordEncoder> records,
        Function<Integer, Producer<byte[], byte[]>> producers) {
      this.number = number;
      this.recordsOf = records;
      this.producers = producers;
    }

    private List<Place> write(Call call) {
      call.waitsFor = "the schema registry";
      var encoded = encoded(call);
      call.waitsFor = "Kafka";
      var to = ready();
      // One wait for all events of a topic instead of one for each.
      encoded.stream().map(ProducerRecord::topic).distinct().forEach(to::partitionsFor);
      to.beginTransaction();
      open = true;
      var sending = new Sending(encoded.size());
      for (int i = 0; i < encoded.size() && sending.first.get() == null; i++) {
        sending.send(to, encoded.get(i), i);
      }
      to.flush();
      var places = sending.places(call.events);
      if (!call.commits()) {
        throw new NotWrittenException("the caller no longer waits for the answer", null);
      }
      to.commitTransaction();
      open = false;
      return places;
    }

    private List<ProducerRecord<byte[], byte[]>> encoded(Call call) {
      var with = records;
      if (with == null) {
        with = recordsOf.get();
        records = with;
      }
      var encoded = new ArrayList<ProducerRecord<byte[], byte[]>>();
      for (var event : call.events) {
        try {
          encoded.add(with.of(event, call.publisher));
        } catch (EventTooLargeException e) {
          throw new TooLargeException(encoded.size(), String.valueOf(e.getMessage()), e);
        }
      }
      return encoded;
    }

    private Producer<byte[], byte[]> ready() {
      var known = producer;
      if (known == null) {
        known = producers.apply(number);
        producer = known;
        begun = false;
        open = false;
        // Ends open transactions of an earlier producer of this writer.
        known.initTransactions();
        begun = true;
      }
      return known;
    }

    /** Aborts the transaction; closes the producer if that fails. */
    private void abort() {
      var known = producer;
      if (known == null || begun && !open) {
        return;
      }
      try {
        if (begun) {
          known.abortTransaction();
          open = false;
          return;
        }
      } catch (RuntimeException e) {
        LOG.debug("a new producer of events is created", e);
      }
      producer = null;
      known.close(Duration.ZERO);
    }

    private void close() {
      if (producer != null) {
        producer.close(CLOSE_TIMEOUT);
      }
      if (records != null) {
        records.close();
      }
    }
  }

  /** Results of one call's records. */
  private static final class Sending {

    /**
     * Reason why one record failed; the others fail only because they are in the same transaction.
     *
     * @param index index of the record
     */
    private record Failure(int index, Exception why) {}

    private final AtomicReferenceArray<@Nullable RecordMetadata> at;
    private final AtomicReference<@Nullable Failure> first = new AtomicReference<>();

    private Sending(int count) {
      at = new AtomicReferenceArray<>(count);
    }

    private void send(
        Producer<byte[], byte[]> to, ProducerRecord<byte[], byte[]> record, int index) {
      to.send(
          record,
          (metadata, exception) -> {
            if (exception == null) {
              at.set(index, metadata);
            } else {
              first.compareAndSet(null, new Failure(index, exception));
            }
          });
    }

    private List<Place> places(List<? extends Event> events) {
      var failure = first.get();
      if (failure != null) {
        throw failure.why instanceof RecordTooLargeException
            ? new TooLargeException(
                failure.index,
                "the event exceeds Kafka's maximum size: " + failure.why.getMessage(),
                failure.why)
            : notWritten(failure.why);
      }
      var places = new ArrayList<Place>();
      for (int i = 0; i < events.size(); i++) {
        var place = at.get(i);
        if (place == null) {
          throw new NotWrittenException("Kafka has not confirmed an event", null);
        }
        places.add(new Place(events.get(i).eventId(), place.partition(), place.offset()));
      }
      return places;
    }
  }

  private static NotWrittenException notWritten(Throwable why) {
    return new NotWrittenException(FailureHandler.messages(why) + FailureHandler.remedy(why), why);
  }

  @Override
  public void close() {
    threads.shutdown();
    try {
      if (!threads.awaitTermination(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
        threads.shutdownNow();
      }
    } catch (InterruptedException e) {
      threads.shutdownNow();
      Thread.currentThread().interrupt();
    }
    for (var writer = idle.pollFirst(); writer != null; writer = idle.pollFirst()) {
      writer.close();
    }
  }
}
