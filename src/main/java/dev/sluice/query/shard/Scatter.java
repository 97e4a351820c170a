package dev.sluice.query.shard;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.function.Function;
import java.util.function.Predicate;

/** Runs several calls and waits for all of them. */
public interface Scatter {

  /** Sequential execution. */
  Scatter IN_TURN =
      new Scatter() {
        @Override
        public <A, B> List<B> gather(List<A> of, Predicate<A> here, Function<A, B> question) {
          return of.stream().map(question).toList();
        }
      };

  /**
   * Returns the answers in the order of the inputs.
   *
   * @param here whether an input is computed locally, on the calling thread; other inputs wait for
   *     another worker
   * @throws RuntimeException the first exception of a call
   */
  <A, B> List<B> gather(List<A> of, Predicate<A> here, Function<A, B> question);

  /**
   * Runs remote calls in parallel on an executor, and local ones meanwhile on the calling thread.
   */
  static Scatter on(ExecutorService threads) {
    return new Scatter() {
      @Override
      public <A, B> List<B> gather(List<A> of, Predicate<A> here, Function<A, B> question) {
        var running = new ArrayList<Future<B>>();
        var later = new ArrayList<FutureTask<B>>();
        for (var each : of) {
          if (here.test(each)) {
            var task = new FutureTask<>(() -> question.apply(each));
            later.add(task);
            running.add(task);
          } else {
            running.add(threads.submit(() -> question.apply(each)));
          }
        }
        try {
          later.forEach(FutureTask::run);
          var answers = new ArrayList<B>();
          for (var each : running) {
            answers.add(each.get());
          }
          return answers;
        } catch (ExecutionException e) {
          throw e.getCause() instanceof RuntimeException cause
              ? cause
              : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new CancellationException("interrupted while waiting for other workers");
        } finally {
          running.forEach(each -> each.cancel(true));
        }
      }
    };
  }
}
