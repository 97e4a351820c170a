package dev.sluice.it.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.client.EventPublisher;
import dev.sluice.config.SluiceConfig;
import dev.sluice.contract.Topics;
import dev.sluice.event.Events;
import dev.sluice.event.Payload;
import dev.sluice.event.ProductEvent;
import dev.sluice.sim.Histories;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Events at a steady rate: random histories of many small products that share users and sources
 * with some large ones, whose members come and go, and whose suspension is a sweep; duplicates;
 * bytes that are no events.
 *
 * <p>Events are of a time far past or far in the future, and so is the end of temporary access:
 * what is over at the time of checking does not depend on how long the test took.
 */
final class Load implements AutoCloseable {
  /** In front of bytes that are no event, for who reads the input. */
  static final String JUNK_HEADER = "junk";

  private static final Instant PAST = Instant.parse("2020-01-05T09:00:00Z");
  private static final Instant FUTURE = Instant.parse("2096-01-05T09:00:00Z");
  private static final int SMALL_SOURCES = 8;
  private static final long TICK_NS = Duration.ofMillis(20).toNanos();

  /** After so many events of small products, there come others. */
  private static final int GENERATION_EVENTS = 400;

  private static final int REPEATABLE = 1_000;

  private final Random random;
  private final int members;
  private final int perSecond;
  private final EventPublisher publisher;
  private final KafkaProducer<byte[], byte[]> junk;
  private final String topic;
  private final List<Large> large = new ArrayList<>();
  private final List<ProductEvent> earlier = new ArrayList<>();
  private final AtomicInteger sweepsDue = new AtomicInteger();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private final Thread thread = new Thread(this::run, "load");
  private Histories histories;
  private int generation;
  private int ofGeneration;
  private int next;
  private volatile long sent;
  private volatile long junkSent;
  private volatile boolean stopped;

  private static final class Large {
    final String id;
    long sequence;
    boolean active = true;
    boolean isWide;

    Large(String id) {
      this.id = id;
    }
  }

  /**
   * Nothing is sent yet.
   *
   * @param products how many large products there are
   * @param members how many members each of them has
   */
  Load(SluiceConfig config, long seed, int products, int members, int perSecond) {
    this.random = new Random(seed);
    this.members = members;
    this.perSecond = perSecond;
    publisher = new EventPublisher(config);
    var settings = new HashMap<String, Object>(config.clientConfig());
    settings.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
    junk = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    topic = new Topics(config.topicPrefix()).productEvents();
    histories = new Histories(random.nextLong());
    for (int i = 0; i < products; i++) {
      large.add(new Large("large-" + i));
    }
    thread.setDaemon(true);
  }

  /** Approves all members of the large products, then continues until it is stopped. */
  void start() {
    thread.start();
  }

  /** Has a large product suspended, resumed or changed now. */
  void sweep() {
    sweepsDue.incrementAndGet();
  }

  /** The number of records so far. */
  long sent() {
    return sent + junkSent;
  }

  /** Ends the sending, and waits until Kafka has all that was sent. */
  void stop() throws InterruptedException {
    stopped = true;
    thread.join();
    failIfFailed();
    flush();
  }

  /** Waits until Kafka has all that was sent. */
  void flush() {
    publisher.flush();
    junk.flush();
  }

  void failIfFailed() {
    var cause = failure.get();
    if (cause != null) {
      throw new AssertionError("events could not be published", cause);
    }
  }

  /** Sends what is not random, such as an end that is near. */
  void send(ProductEvent event) {
    publisher.send(event);
    sent++;
  }

  private void run() {
    try {
      large.forEach(this::publishLarge);
      var due = System.nanoTime();
      while (!stopped) {
        while (sweepsDue.get() > 0) {
          sweepsDue.decrementAndGet();
          revise(large.get(random.nextInt(large.size())));
        }
        for (long i = perSecond * TICK_NS / 1_000_000_000L; i > 0; i--) {
          step();
        }
        due += TICK_NS;
        var leftMs = (due - System.nanoTime()) / 1_000_000;
        if (leftMs > 0) {
          Thread.sleep(leftMs);
        }
      }
    } catch (Throwable e) {
      failure.compareAndSet(null, e);
    }
  }

  private void publishLarge(Large product) {
    send(product, Events.published(product.id, sources(product)).payload());
    for (int m = 0; m < members && !stopped; m++) {
      send(product, new Payload.AccessApproved("r" + m, "u" + m, "boss", null));
    }
  }

  /** Shares most of its sources with the other large ones and with small ones. */
  private static List<dev.sluice.event.DataSource> sources(Large product) {
    return product.isWide
        ? Events.sources("s1", "s2", "own-" + product.id, "more-" + product.id)
        : Events.sources("s1", "s3", "own-" + product.id);
  }

  private void revise(Large product) {
    if (random.nextInt(3) == 0) {
      product.isWide = !product.isWide;
      send(product, new Payload.DataSourcesReplaced(sources(product)));
    } else {
      product.active = !product.active;
      send(
          product,
          product.active
              ? new Payload.ProductResumed(null)
              : new Payload.ProductSuspended("by chance"));
    }
  }

  private void step() {
    switch (random.nextInt(100)) {
      case 0 -> sendJunk();
      case 1, 2 -> duplicate();
      case 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 -> touchMember(large.get(random.nextInt(large.size())));
      case 13 -> {
        if (random.nextInt(perSecond * 2 / 100 + 1) == 0) {
          sweep();
        }
      }
      default -> smallStep();
    }
  }

  private void touchMember(Large product) {
    var user = "u" + random.nextInt(members);
    var request = "r" + user.substring(1);
    send(
        product,
        switch (random.nextInt(4)) {
          case 0 -> new Payload.AccessRevoked(null, user, null);
          case 1 -> new Payload.AccessRevoked(request, user, null);
          case 2 -> new Payload.AccessApproved("again-" + next, user, "boss", FUTURE);
          // Over as soon as it begins.
          default -> new Payload.AccessApproved("brief-" + next, user, "boss", PAST);
        });
  }

  private void send(Large product, Payload payload) {
    var clock = random.nextInt(4) == 0 ? FUTURE : PAST;
    remember(new ProductEvent("l" + next++, product.id, ++product.sequence, clock, "api", payload));
  }

  private void smallStep() {
    if (ofGeneration++ == GENERATION_EVENTS) {
      endGeneration();
    }
    var event = histories.next(random.nextInt(3) == 0 ? PAST : FUTURE);
    var id = event.productId();
    var own = id.contains("|") ? id : "g" + generation + "-" + id;
    remember(
        new ProductEvent(
            event.eventId(),
            own,
            event.sequence(),
            event.occurredAt(),
            event.actor(),
            event.payload()));
  }

  private void endGeneration() {
    for (int p = 0; p < 5; p++) {
      if (random.nextInt(5) > 0) {
        remember(
            new ProductEvent(
                "end-" + next++,
                "g" + generation + "-p" + p,
                null,
                PAST,
                "api",
                new Payload.ProductDeleted("over")));
      }
    }
    generation++;
    ofGeneration = 0;
    histories = new Histories(random.nextLong());
  }

  private void remember(ProductEvent event) {
    send(event);
    if (earlier.size() < REPEATABLE) {
      earlier.add(event);
    } else {
      earlier.set(random.nextInt(REPEATABLE), event);
    }
  }

  private void duplicate() {
    if (!earlier.isEmpty()) {
      send(earlier.get(random.nextInt(earlier.size())));
    }
  }

  private void sendJunk() {
    var bytes =
        switch (random.nextInt(5)) {
          case 0 -> null;
          case 1 -> new byte[0];
          case 2 -> "{\"eventId\":\"e1\"}".getBytes(UTF_8);
          case 3 -> new byte[] {0, 0, 0, 0, 99, 1};
          default -> {
            var some = new byte[1 + random.nextInt(500)];
            random.nextBytes(some);
            some[0] = 7;
            yield some;
          }
        };
    var key = random.nextInt(3) == 0 ? null : ("p" + random.nextInt(5)).getBytes(UTF_8);
    var record = new ProducerRecord<>(topic, key, bytes);
    record.headers().add(JUNK_HEADER, new byte[0]);
    junk.send(
        record,
        (metadata, exception) -> {
          if (exception != null) {
            failure.compareAndSet(null, exception);
          }
        });
    junkSent++;
  }

  @Override
  public void close() {
    stopped = true;
    publisher.close();
    junk.close(Duration.ZERO);
  }
}
