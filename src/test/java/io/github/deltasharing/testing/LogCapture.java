/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.testing;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.apache.logging.log4j.core.config.Property;

/** Keeps what is logged from a level up, with stack traces, until it is closed. */
public final class LogCapture extends AbstractAppender implements AutoCloseable {
  private static final String PROJECT = "io.github.deltasharing";

  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final LoggerContext context = (LoggerContext) LogManager.getContext(false);
  private final Predicate<String> wanted;
  private final LoggerConfig logger;
  private final Level before;
  private final LogCapture rest;

  private LogCapture(String name, Level level, Predicate<String> wanted, LogCapture rest) {
    super("captured-" + name, null, null, true, Property.EMPTY_ARRAY);
    this.wanted = wanted;
    this.rest = rest;
    logger = context.getConfiguration().getLoggerConfig(name);
    before = logger.getLevel();
    logger.setLevel(level);
    start();
    logger.addAppender(this, level, null);
    context.updateLoggers();
  }

  /** Captures one class's logger, or that of a package. */
  public static LogCapture of(Class<?> type, Level level) {
    return new LogCapture(PROJECT, level, type.getName()::equals, null);
  }

  /** Captures this project's loggers. */
  public static LogCapture ofProject(Level level) {
    return new LogCapture(PROJECT, level, name -> true, null);
  }

  /**
   * Captures every logger but those below a package.
   *
   * @param except a package's name
   */
  public static LogCapture ofAll(Level level, String except) {
    // The project's logger hands on to the root, whose appender sees what its own level lets
    // through.
    LogCapture project = new LogCapture(PROJECT, level, name -> false, null);
    return new LogCapture("", level, name -> !name.startsWith(except), project);
  }

  @Override
  public void append(LogEvent event) {
    if (!wanted.test(event.getLoggerName())) {
      return;
    }
    String line = event.getLevel() + " " + event.getMessage().getFormattedMessage();
    if (event.getThrown() != null) {
      line += "\n" + org.apache.logging.log4j.core.util.Throwables.toStringList(event.getThrown());
    }
    lines.add(line);
  }

  /** One entry an event: level, message, then the stack trace if there is one. */
  public List<String> lines() {
    return lines;
  }

  @Override
  public void close() {
    logger.removeAppender(getName());
    logger.setLevel(before);
    context.updateLoggers();
    stop();
    if (rest != null) {
      rest.close();
    }
  }
}
