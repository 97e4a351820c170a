package dev.sluice.query;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.Function;

/** Asks several at once, and waits for all. */
interface Scatter {

  /** One after the other. */
  Scatter IN_TURN =
      new Scatter() {
        @Override
        public <A, B> List<B> gather(List<A> of, Function<A, B> question) {
          return of.stream().map(question).toList();
        }
      };

  /**
   * The answers, in the order of what was asked.
   *
   * @throws RuntimeException the first that a question threw
   */
  <A, B> List<B> gather(List<A> of, Function<A, B> question);

  /** All at once, on the threads of an executor. */
  static Scatter on(ExecutorService threads) {
    return new Scatter() {
      @Override
      public <A, B> List<B> gather(List<A> of, Function<A, B> question) {
        var running = new ArrayList<Future<B>>();
        of.forEach(each -> running.add(threads.submit(() -> question.apply(each))));
        try {
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
          throw new CancellationException("interrupted while others were asked");
        } finally {
          running.forEach(each -> each.cancel(true));
        }
      }
    };
  }
}
