package dev.sluice.sim;

import static dev.sluice.sim.Violation.unless;
import static dev.sluice.sim.Violation.unlessEqual;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.avro.AccessCommand;
import dev.sluice.event.Payload;
import dev.sluice.event.ProductEvent;
import dev.sluice.event.UserEvent;
import dev.sluice.event.codec.EventAvro;
import dev.sluice.sim.CommittedOutput.Ending;
import dev.sluice.sim.Model.Access;
import dev.sluice.update.AccessUpdate;
import dev.sluice.update.wire.UserPartitions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.test.TestRecord;

/**
 * The real stages, with as many tasks as there are partitions, and around them what Kafka does:
 * logs, transactions, threads that own tasks and lose them. Does the steps of a history, and holds
 * what comes of each against the model.
 */
final class World implements AutoCloseable {

  /** Longer than any sweep in a history lasts. */
  private static final int TICKS_MAX = 2_000;

  private static final int SLICE = 50;

  /** More than chance can bring about: a broker that refused a command takes it the next time. */
  private static final int ABORTS_MAX = 100;

  private static final String INDENT = " ".repeat(6);

  /** A record of product-events; the event is null where it is none. */
  private record Input(ProductEvent event, TestRecord<byte[], byte[]> record) {}

  /** A record of user-events; the event is null where it is none. */
  private record UserInput(UserEvent event, TestRecord<byte[], byte[]> record) {}

  private final Shape shape;
  private final UserPartitions productPartitions;
  private final UserPartitions userPartitions;
  private final Consumer<Supplier<String>> trace;
  private final Counts counts;
  private final Set<String> taking = new HashSet<>();
  private final List<List<Input>> events = new ArrayList<>();
  private final List<TransactionalLog<TestRecord<String, AccessUpdate>>> updates =
      new ArrayList<>();
  private final UserPartitions userEventPartitions;
  private final List<List<UserInput>> userEvents = new ArrayList<>();
  private final List<Owned<ProductTask, ProductCheck>> products = new ArrayList<>();
  private final List<Owned<UserTask, UserCheck>> users = new ArrayList<>();
  private final List<Owned<AccessTask, AccessCheck>> access = new ArrayList<>();

  /** The open transaction of each thread. */
  private final List<Transaction> open = new ArrayList<>();

  private final Set<Integer> crashed = new HashSet<>();
  private final CommittedOutput output = new CommittedOutput();
  private Instant now = History.START;
  private int abortsInARow;

  World(Shape shape, Counts counts, Consumer<Supplier<String>> trace) {
    this.shape = shape;
    this.counts = counts;
    this.trace = line -> trace.accept(() -> INDENT + line.get());
    productPartitions = new UserPartitions(shape.productPartitions());
    userPartitions = new UserPartitions(shape.userPartitions());
    for (int i = 0; i < shape.threads(); i++) {
      open.add(new Transaction());
    }
    for (int i = 0; i < shape.productPartitions(); i++) {
      events.add(new ArrayList<>());
      var partition = i;
      var check =
          new ProductCheck(
              shape.userPartitions(),
              userPartitions,
              id -> productPartitions.applyAsInt(id) == partition,
              taking);
      products.add(new Owned<>(new ProductTask(shape, i), check, i % shape.threads(), now));
    }
    userEventPartitions = new UserPartitions(shape.userEventPartitions());
    for (int i = 0; i < shape.userEventPartitions(); i++) {
      userEvents.add(new ArrayList<>());
      var partition = i;
      var check = new UserCheck(id -> userEventPartitions.applyAsInt(id) == partition);
      var thread = (i + 2) % shape.threads();
      users.add(new Owned<>(new UserTask(shape, i), check, thread, now));
    }
    for (int i = 0; i < shape.userPartitions(); i++) {
      updates.add(new TransactionalLog<>());
      var thread = (i + 1) % shape.threads();
      access.add(new Owned<>(new AccessTask(shape, i), new AccessCheck(taking), thread, now));
    }
  }

  /** Returns the time. */
  Instant now() {
    return now;
  }

  void execute(Step step) {
    switch (step) {
      case Step.Publish p -> publish(p.event(), p.elsewhere());
      case Step.Mistyped m -> mistyped(m.event(), m.type());
      case Step.Garbage g -> put(g.partition(), new Input(null, record(g.key(), g.value())));
      case Step.PublishUser p -> publish(p.event(), p.elsewhere());
      case Step.UserGarbage g ->
          userEvents.get(g.partition()).add(new UserInput(null, record(g.value(), g.value())));
      case Step.DecideUsers d -> times(d.events(), () -> decideUser(users.get(d.task())));
      case Step.Decide d -> times(d.events(), () -> decide(products.get(d.task())));
      case Step.Due d -> due(products.get(d.task()));
      case Step.Deliver d -> times(d.updates(), () -> deliver(d.task()));
      case Step.Slice s -> slice(access.get(s.task()), s.work());
      case Step.Commit c -> commit(c.thread());
      case Step.Crash c -> crash(c.thread());
      case Step.Restart r -> restart(r.thread(), r.heir());
      case Step.Move m -> move((m.ofProducts() ? products : access).get(m.task()), m.thread());
      case Step.Settle s -> settle();
      case Step.Jump j -> now = now.plus(j.by());
    }
  }

  private static void times(int max, BooleanSupplier action) {
    for (int left = max; left > 0 && action.getAsBoolean(); left--) {
      // The work is in the condition.
    }
  }

  private void publish(ProductEvent event, int elsewhere) {
    var value = Contract.EVENTS.serializer().serialize("events", EventAvro.toAvro(event));
    var key = event.productId().getBytes(UTF_8);
    var partition =
        switch (elsewhere) {
          case Step.Publish.IN_PLACE -> productPartitions.applyAsInt(event.productId());
          case Step.Publish.BY_CRC32 -> crc32(key);
          default -> elsewhere % shape.productPartitions();
        };
    put(partition, new Input(event, record(key, value)));
  }

  private void publish(UserEvent event, int elsewhere) {
    var value = Contract.USERS.serializer().serialize("user-events", EventAvro.toAvro(event));
    var key = event.userId().getBytes(UTF_8);
    var partition =
        elsewhere == Step.Publish.IN_PLACE
            ? userEventPartitions.applyAsInt(event.userId())
            : elsewhere % shape.userEventPartitions();
    userEvents.get(partition).add(new UserInput(event, record(key, value)));
    counts.events++;
  }

  private boolean decideUser(Owned<UserTask, UserCheck> owned) {
    var log = userEvents.get(users.indexOf(owned));
    var at = owned.task.offset();
    if (isDown(owned) || at == log.size()) {
      return false;
    }
    var input = log.get((int) at);
    var outcome = owned.working().decide(input.record, at);
    trace.accept(
        () ->
            "%s: %s"
                .formatted(
                    input.event == null ? "garbage" : input.event.eventId(), outcome.outcome()));
    for (var update : outcome.updates()) {
      var user = ((AccessUpdate.UserChanged) update.value()).userId();
      updates.get(userPartitions.applyAsInt(user)).append(update, open.get(owned.thread));
    }
    owned.written.addAll(outcome.rejected());
    owned.check.decided(input.event, input.record, at, outcome);
    return true;
  }

  private void mistyped(ProductEvent event, String type) {
    var avro = EventAvro.toAvro(event);
    avro.put(avro.getSchema().getField("type").pos(), type);
    var value = Contract.EVENTS.serializer().serialize("events", avro);
    put(
        productPartitions.applyAsInt(event.productId()),
        new Input(null, record(event.productId().getBytes(UTF_8), value)));
  }

  private int crc32(byte[] key) {
    var crc = new CRC32();
    crc.update(key);
    return (int) (crc.getValue() % shape.productPartitions());
  }

  private TestRecord<byte[], byte[]> record(byte[] key, byte[] value) {
    return new TestRecord<>(key, value, new RecordHeaders(), now);
  }

  private void put(int partition, Input input) {
    events.get(partition).add(input);
    counts.events++;
  }

  private boolean decide(Owned<ProductTask, ProductCheck> owned) {
    var log = events.get(products.indexOf(owned));
    var at = owned.task.offset();
    if (isDown(owned) || at == log.size()) {
      return false;
    }
    var input = log.get((int) at);
    if (isRevocationAheadOf(owned.task.now(), input.event)) {
      due(owned);
    }
    var outcome = owned.working().decide(input.record, at);
    trace.accept(
        () ->
            "%s: %s, %d updates"
                .formatted(
                    input.event == null ? "garbage" : input.event.eventId(),
                    outcome.outcome(),
                    outcome.updates().size()));
    say(owned, outcome);
    if (input.event == null) {
      owned.check.refused(input.record, at, outcome);
    } else {
      owned.check.decided(input.event, input.record, at, outcome, owned.task);
    }
    return true;
  }

  /**
   * Whether a task's clock lags behind a revocation that has occurred. The effect of a revocation
   * of the future depends on the clock, so that another reading would lead elsewhere.
   */
  private boolean isRevocationAheadOf(Instant taskClock, ProductEvent event) {
    return event != null
        && event.payload() instanceof Payload.AccessRevoked
        && event.occurredAt().isAfter(taskClock)
        && !event.occurredAt().isAfter(now);
  }

  private boolean due(Owned<ProductTask, ProductCheck> owned) {
    if (isDown(owned)) {
      return false;
    }
    now = now.plus(AccessTask.sliceTakes());
    var outcome = owned.working().due(now);
    if (!outcome.requests().isEmpty()) {
      trace.accept(
          () ->
              "%d requests change, %d updates"
                  .formatted(outcome.requests().size(), outcome.updates().size()));
    }
    say(owned, outcome);
    owned.check.due(outcome, owned.task);
    return !outcome.requests().isEmpty();
  }

  private void say(Owned<ProductTask, ProductCheck> owned, ProductTask.Outcome outcome) {
    for (var update : outcome.updates()) {
      for (int partition : owned.task.partitionsOf(update)) {
        updates.get(partition).append(update, open.get(owned.thread));
      }
    }
    owned.written.addAll(outcome.products());
    owned.written.addAll(outcome.requests());
    owned.written.addAll(outcome.rejected());
  }

  private boolean deliver(int task) {
    var owned = access.get(task);
    var log = updates.get(task);
    var at = isDown(owned) ? TransactionalLog.NONE : log.readable(owned.task.offset());
    if (at == TransactionalLog.NONE) {
      return false;
    }
    var update = log.at(at);
    trace.accept(() -> "offset %d: %s".formatted(at, update.value()));
    var commands = attempt(owned, reader -> reader.deliver(update, at));
    if (commands == null) {
      return true;
    }
    commands.forEach(command -> trace.accept(() -> "  " + command.value()));
    owned.check.delivered(update.value(), at, commands, owned.task);
    commands.forEach(command -> owned.written.add(command.value()));
    return true;
  }

  private void slice(Owned<AccessTask, AccessCheck> owned, int work) {
    if (isDown(owned)) {
      return;
    }
    now = now.plus(AccessTask.sliceTakes());
    var sweeping = isBusy(owned);
    var commands = attempt(owned, task -> task.slice(work, now));
    if (commands == null) {
      return;
    }
    commands.forEach(command -> trace.accept(() -> "  " + command.value()));
    unless(!sweeping || owned.task.served(), "I10 bounded", "a sweep does not go on");
    owned.check.swept(commands, owned.task);
    commands.forEach(command -> owned.written.add(command.value()));
    counts.slices += sweeping ? 1 : 0;
  }

  private static boolean isBusy(Owned<AccessTask, AccessCheck> owned) {
    return !owned.task.swept().isEmpty() || !owned.task.turned().isEmpty();
  }

  /** Does a step; null where its transaction fails, and all since the last commit is undone. */
  private List<TestRecord<String, AccessCommand>> attempt(
      Owned<AccessTask, AccessCheck> owned,
      Function<AccessTask, List<TestRecord<String, AccessCommand>>> step) {
    try {
      var commands = step.apply(owned.working());
      unless(
          !owned.task.hasFailed(),
          "I8 exactly once",
          "Streams does not hear that a command failed");
      return commands;
    } catch (Violation e) {
      throw e;
    } catch (RuntimeException e) {
      if (!owned.task.hasFailed()) {
        throw e;
      }
      trace.accept(() -> "a command is refused, and the transaction aborted");
      unless(++abortsInARow < ABORTS_MAX, "I9 nothing stops the worker", "every transaction fails");
      abort(owned.thread, owned.thread);
      counts.aborts++;
      return null;
    }
  }

  private boolean isDown(Owned<?, ?> owned) {
    return crashed.contains(owned.thread);
  }

  private Stream<Owned<?, ?>> ownedBy(int thread) {
    return Stream.<Stream<? extends Owned<?, ?>>>of(
            products.stream(), users.stream(), access.stream())
        .<Owned<?, ?>>flatMap(each -> each)
        .filter(owned -> owned.thread == thread);
  }

  private void commit(int thread) {
    if (!crashed.contains(thread)) {
      products.stream().filter(owned -> owned.thread == thread).forEach(World::beforeCommit);
      open.get(thread).commit();
      open.set(thread, new Transaction());
      ownedBy(thread).forEach(owned -> owned.commit(output));
      counts.commits++;
      abortsInARow = 0;
    }
  }

  private static void beforeCommit(Owned<ProductTask, ProductCheck> owned) {
    var statuses = owned.task.beforeCommit();
    owned.check.committing(statuses, owned.task);
    owned.written.addAll(statuses);
  }

  private void crash(int thread) {
    if (crashed.add(thread)) {
      counts.crashes++;
    }
  }

  private void restart(int thread, int heir) {
    if (crashed.remove(thread)) {
      abort(thread, crashed.contains(heir) ? thread : heir);
    }
  }

  private void abort(int thread, int heir) {
    open.get(thread).abort();
    open.set(thread, new Transaction());
    ownedBy(thread).toList().forEach(owned -> owned.restart(heir, now));
  }

  private void move(Owned<?, ?> owned, int thread) {
    if (!isDown(owned) && owned.thread != thread && !crashed.contains(thread)) {
      commit(owned.thread);
      owned.restart(thread, now);
      counts.rebalances++;
    }
  }

  /** Works until nothing is left to do, and holds what is committed against the model. */
  void settle() {
    for (int thread = 0; thread < shape.threads(); thread++) {
      restart(thread, thread);
    }
    boolean busy;
    do {
      busy = false;
      var aborts = counts.aborts;
      for (var product : products) {
        times(Integer.MAX_VALUE, () -> decide(product));
        busy |= due(product);
      }
      users.forEach(user -> times(Integer.MAX_VALUE, () -> decideUser(user)));
      commitAll();
      for (int i = 0; i < access.size(); i++) {
        var task = i;
        times(Integer.MAX_VALUE, () -> deliver(task));
        sweep(access.get(i));
      }
      commitAll();
      // A refused command aborts the transaction: other tasks of the thread repeat their work too.
      busy |= counts.aborts > aborts;
    } while (busy);
    check();
  }

  /** Turns the clock to that time, and settles. */
  Ending endAt(Instant end) {
    now = end;
    settle();
    return output.ending();
  }

  private void sweep(Owned<AccessTask, AccessCheck> owned) {
    for (int ticks = 0; isBusy(owned); ticks++) {
      unless(ticks < TICKS_MAX, "I10 bounded", "sweeps do not end");
      slice(owned, SLICE);
    }
  }

  private void commitAll() {
    for (int thread = 0; thread < shape.threads(); thread++) {
      commit(thread);
    }
  }

  private void check() {
    var expected = new HashSet<Access>();
    int rejected = 0;
    for (var product : products) {
      expected.addAll(product.check.model().access());
      rejected += product.check.rejected();
      product.task.checkChangelog();
    }
    for (var user : users) {
      rejected += user.check.rejected();
      user.task.checkChangelog();
    }
    expected.removeIf(pair -> !isActive(pair.userId()));
    access.forEach(owned -> owned.task.checkChangelog());
    unlessEqual(output.granted(), expected, "I1 convergence", "committed access");
    unlessEqual(output.rejected(), rejected, "I9 bad input", "number of rejected events");
    output.products().forEach((id, status) -> checkOf(status.getProductId()).status(status));
    output.requests().forEach((id, status) -> checkOf(status.getProductId()).request(status));
    new Sizes(products, users, access).check();
    counts.commands += output.takeCommands();
  }

  private boolean isActive(String userId) {
    return users.get(userEventPartitions.applyAsInt(userId)).check.model().isActive(userId);
  }

  private ProductCheck checkOf(String productId) {
    return products.get(productPartitions.applyAsInt(productId)).check;
  }

  @Override
  public void close() {
    products.forEach(owned -> owned.task.close());
    users.forEach(owned -> owned.task.close());
    access.forEach(owned -> owned.task.close());
  }
}
