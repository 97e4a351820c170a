package dev.sluice.testing;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** The messages that one class logs, from the creation of this object until it is closed. */
public final class CapturedLog implements AutoCloseable {
  private final Logger logger;
  private final @Nullable Level before;
  private final Queue<String> messages = new ConcurrentLinkedQueue<>();
  private final AppenderBase<ILoggingEvent> appender =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
          messages.add(event.getFormattedMessage());
        }
      };

  /** Captures what the class logs at the level of the tests. */
  public CapturedLog(Class<?> source) {
    logger = (Logger) LoggerFactory.getLogger(source);
    before = logger.getLevel();
    appender.start();
    logger.addAppender(appender);
  }

  /** Captures what the class logs at this level or above. */
  public CapturedLog(Class<?> source, Level level) {
    this(source);
    logger.setLevel(level);
  }

  /** Returns the messages so far, in order. */
  public List<String> messages() {
    return List.copyOf(messages);
  }

  @Override
  public void close() {
    logger.detachAppender(appender);
    logger.setLevel(before);
  }
}
