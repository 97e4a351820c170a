package dev.sluice.dev.bench;

import dev.sluice.avro.RequestState;
import dev.sluice.avro.RequestStatus;
import dev.sluice.config.SluiceConfig;
import dev.sluice.config.WorkerKeys;
import dev.sluice.contract.Topics;
import dev.sluice.topology.ContractSerdes;
import dev.sluice.worker.Worker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * Measures how many requests per second become PENDING, on products of different sizes. Each
 * request has its own user, and waits for an approver. A round ends when all statuses are readable.
 *
 * <p>Rounds of all sizes alternate with rounds of the bare producer, which writes the same kinds of
 * records. The ratio compares records per second.
 */
public final class Requests {
  /** Numbers of sources of a product that are measured by default. */
  public static final List<Integer> SIZES = List.of(10, 1_000, 9_000);

  private static final String NAME = "requests";
  private static final Duration START_MAX = Duration.ofSeconds(60);

  /** Number of products of each size, so that several partitions of product-events have one. */
  private static final int PRODUCTS = 10;

  /** Minimum number of records in a bare round, for each request. */
  private static final long BARE_RECORDS_PER_REQUEST = 25;

  private final Bench bench;
  private final int requests;
  private final List<Integer> sizes;

  /**
   * Creates the measurement.
   *
   * @param requests number of requests of each size in a round
   * @param sizes numbers of sources of a product; further results compare with the first
   */
  public Requests(Bench bench, int requests, List<Integer> sizes) {
    this.bench = bench;
    this.requests = requests;
    this.sizes = List.copyOf(sizes);
  }

  /** Measures all sizes and the bare producer alternately, after a warm-up. */
  public List<Measurement> sluice() throws InterruptedException {
    var config = bench.config(NAME);
    var topics = new Topics(config.topicPrefix());
    var records = new WrittenRecords(config.get(WorkerKeys.COMMIT_INTERVAL));
    try (var worker = Worker.start(config, records.observers())) {
      worker.awaitRunning(START_MAX);
      try (var run =
          new Run(
              config,
              records,
              new Traffic(config),
              CommittedReader.atEnd(config, topics.requestStatus(), worker::failIfEnded),
              CommittedReader.atEnd(config, topics.productStatus(), worker::failIfEnded),
              new BareProducer(config, topics.requestStatus()))) {
        return run.measure();
      }
    }
  }

  /** One run of all rounds. */
  private final class Run implements AutoCloseable {
    private final SluiceConfig config;
    private final WrittenRecords records;
    private final Traffic traffic;
    private final CommittedReader statuses;
    private final CommittedReader products;
    private final BareProducer bare;
    private final Deserializer<Object> deserializer;
    private final ExecutorService sender = Executors.newSingleThreadExecutor();
    private final List<SizeRounds> rounds =
        sizes.stream().map(size -> new SizeRounds(bench.rounds())).toList();
    private int nextUser;

    Run(
        SluiceConfig config,
        WrittenRecords records,
        Traffic traffic,
        CommittedReader statuses,
        CommittedReader products,
        BareProducer bare) {
      this.config = config;
      this.records = records;
      this.traffic = traffic;
      this.statuses = statuses;
      this.products = products;
      this.bare = bare;
      deserializer = new ContractSerdes(config).deserializer();
    }

    List<Measurement> measure() throws InterruptedException {
      publish();
      var mix = sample();
      var warmUp =
          WarmUp.of(
              bench,
              NAME,
              number -> {
                for (int size : sizes) {
                  request(size);
                }
                bareRate(requests, mix);
              });
      for (int round = 0; round < bench.rounds(); round++) {
        for (int i = 0; i < sizes.size(); i++) {
          count(i, mix);
        }
      }
      var found = new ArrayList<Measurement>();
      for (int i = 0; i < sizes.size(); i++) {
        Map<String, Object> more = new LinkedHashMap<>();
        more.put("bareUnit", "records/s");
        more.putAll(rounds.get(i).found(requests));
        more.put(
            "ratioToSources" + sizes.getFirst(),
            Figures.ofRounds(rounds.get(i).ratesOver(rounds.getFirst())).values());
        more.put("recordBytesMean", mix.bytesMean());
        more.putAll(warmUp.found());
        found.add(rounds.get(i).measurement(requests, sizes.get(i), more));
      }
      return found;
    }

    /** Publishes the products, and waits until all are active. */
    private void publish() {
      for (int size : sizes) {
        List<Integer> numbers = IntStream.range(0, size).boxed().toList();
        for (int i = 0; i < PRODUCTS; i++) {
          traffic.publishedWithPolicy(product(size, i), numbers);
        }
      }
      traffic.flush();
      products.read((long) sizes.size() * PRODUCTS, record -> {});
    }

    /** Makes the first requests; returns a sample of all that the worker writes for them. */
    private RecordMix sample() throws InterruptedException {
      return MixReading.during(config, records, () -> request(sizes.getFirst()));
    }

    private void count(int size, RecordMix mix) throws InterruptedException {
      var recordsBefore = records.settled();
      var cpuBefore = CpuTime.now(config.applicationId());
      var seconds = request(sizes.get(size));
      var cpu = CpuTime.now(config.applicationId()).since(cpuBefore);
      var written = records.settled() - recordsBefore;
      rounds.get(size).add(requests, seconds, written, bareRate(written, mix), cpu);
      bench.progress().say(rounds.get(size).last(sizes.get(size)));
    }

    private double bareRate(long count, RecordMix mix) throws InterruptedException {
      return bare.rate(Math.max(count, BARE_RECORDS_PER_REQUEST * requests), mix);
    }

    /**
     * Requests access for new users; returns the seconds until all statuses are readable.
     *
     * @throws BenchException if other statuses than one PENDING for each request come
     */
    private double request(int size) throws InterruptedException {
      var first = nextUser;
      nextUser += requests;
      var found = new ArrayList<ConsumerRecord<byte[], byte[]>>();
      var open = new HashSet<String>();
      var began = System.nanoTime();
      var sending =
          sender.submit(
              () -> {
                for (int i = 0; i < requests; i++) {
                  open.add(traffic.requested(product(size, i % PRODUCTS), first + i));
                }
                traffic.flush();
              });
      var ended = statuses.read(requests, found::add);
      try {
        sending.get();
      } catch (ExecutionException e) {
        throw new BenchException("the requests could not be published: " + e.getCause(), e);
      }
      statuses.drain(found::add);
      for (var record : found) {
        var status = (RequestStatus) deserializer.deserialize(record.topic(), record.value());
        if (status.getState() != RequestState.PENDING || !open.remove(status.getRequestId())) {
          throw new BenchException("each request must become PENDING once, but came " + status);
        }
      }
      if (!open.isEmpty()) {
        throw new BenchException("%,d requests have no status".formatted(open.size()));
      }
      return (ended - began) / 1e9;
    }

    private static String product(int size, int number) {
      return "product-%d-%d".formatted(size, number);
    }

    @Override
    public void close() {
      sender.shutdownNow();
      traffic.close();
      bare.close();
      statuses.close();
      products.close();
      deserializer.close();
    }
  }

  /** Results of the counted rounds of one size. */
  private static final class SizeRounds {
    private final double[] rates;
    private final double[] recordRates;
    private final double[] bares;
    private final double[] ratios;
    private final CpuOfRounds cpu;
    private long records;
    private int done;

    SizeRounds(int count) {
      rates = new double[count];
      recordRates = new double[count];
      bares = new double[count];
      ratios = new double[count];
      cpu = new CpuOfRounds(count);
    }

    void add(int requests, double seconds, long written, double bareRate, CpuTime used) {
      rates[done] = requests / seconds;
      recordRates[done] = written / seconds;
      bares[done] = bareRate;
      ratios[done] = written / seconds / bareRate;
      cpu.add(used, requests);
      records += written;
      done++;
    }

    String last(int sources) {
      return "requests, %,d sources, round %d of %d: %,.0f requests/s, %,.0f records/s, bare %,.0f/s; ratio %.2f; %s"
          .formatted(
              sources,
              done,
              rates.length,
              rates[done - 1],
              recordRates[done - 1],
              bares[done - 1],
              ratios[done - 1],
              cpu.last("request"));
    }

    double[] ratesOver(SizeRounds other) {
      return IntStream.range(0, done).mapToDouble(i -> rates[i] / other.rates[i]).toArray();
    }

    Map<String, Object> found(int requests) {
      Map<String, Object> found = new LinkedHashMap<>();
      found.put("recordsPerRequest", (double) records / ((long) requests * done));
      found.put("recordsPerSecond", Figures.ofRounds(recordRates).values());
      found.putAll(cpu.found("streamCpuUsPerRequest", "processCpuUsPerRequest"));
      return found;
    }

    Measurement measurement(int requests, int sources, Map<String, Object> more) {
      return new Measurement(
          NAME,
          Measurement.SLUICE,
          requests,
          sources,
          done,
          "requests/s",
          Figures.ofRounds(bares),
          Figures.ofRounds(rates),
          Figures.ofRounds(ratios),
          more);
    }
  }
}
