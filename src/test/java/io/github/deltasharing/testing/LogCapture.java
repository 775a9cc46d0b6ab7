package io.github.deltasharing.testing;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.apache.logging.log4j.core.config.Property;

/** Keeps what is logged from a level up, with stack traces, until it is closed. */
public final class LogCapture implements AutoCloseable {
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final LoggerContext context = (LoggerContext) LogManager.getContext(false);
  private final LoggerConfig logger;
  private final Level before;
  private final Keeper keeper;

  private LogCapture(String name, Level level) {
    logger = context.getConfiguration().getLoggerConfig(name);
    before = logger.getLevel();
    logger.setLevel(level);
    keeper = new Keeper(lines);
    keeper.start();
    logger.addAppender(keeper, level, null);
    context.updateLoggers();
  }

  /** Captures this project's loggers. */
  public static LogCapture ofProject(Level level) {
    return new LogCapture("io.github.deltasharing", level);
  }

  /** Captures every logger. */
  public static LogCapture ofAll(Level level) {
    return new LogCapture("", level);
  }

  /** One entry an event: level, logger, message, then the stack trace if there is one. */
  public List<String> lines() {
    return lines;
  }

  @Override
  public void close() {
    logger.removeAppender(keeper.getName());
    logger.setLevel(before);
    context.updateLoggers();
  }

  private static final class Keeper extends AbstractAppender {
    private final List<String> lines;

    Keeper(List<String> lines) {
      super("keeper", null, null, true, Property.EMPTY_ARRAY);
      this.lines = lines;
    }

    @Override
    public void append(LogEvent event) {
      String line = event.getLevel() + " " + event.getLoggerName() + " " + event.getMessage().getFormattedMessage();
      if (event.getThrown() != null) {
        line +=
            "\n" + org.apache.logging.log4j.core.util.Throwables.toStringList(event.getThrown());
      }
      lines.add(line);
    }
  }
}
