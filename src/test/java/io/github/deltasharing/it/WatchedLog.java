/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.it;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Configuration;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.Property;
import org.apache.logging.log4j.core.util.Throwables;

/**
 * Everything that this JVM logs but for its HTTP servers, of whatever logger and at all levels,
 * searched as it comes: there is too much to keep. Thread-safe; close it after use.
 */
final class WatchedLog extends AbstractAppender implements AutoCloseable {
  private static final int SHOWN = 300;

  /** The sharing server and the stubs, which a recipient's driver does not have. */
  private static final Pattern OF_SERVERS =
      Pattern.compile("org\\.eclipse\\.jetty|sun\\.net\\.httpserver|jdk\\.");

  private final LoggerContext context = (LoggerContext) LogManager.getContext(false);
  private final List<SecretSearch> searches;
  private final List<List<String>> found;
  private final AtomicLong events = new AtomicLong();

  WatchedLog(List<SecretSearch> searches) {
    super("watched", null, null, true, Property.EMPTY_ARRAY);
    this.searches = searches;
    this.found = searches.stream().<List<String>>map(s -> new CopyOnWriteArrayList<>()).toList();
    Configuration config = context.getConfiguration();
    start();
    config.getRootLogger().addAppender(this, Level.TRACE, null);
    Configurator.setAllLevels("", Level.TRACE);
  }

  @Override
  public void append(LogEvent event) {
    if (OF_SERVERS.matcher(event.getLoggerName()).lookingAt()) {
      return;
    }
    events.incrementAndGet();
    StringBuilder text = new StringBuilder(event.getMessage().getFormattedMessage());
    if (event.getThrown() != null) {
      text.append(Throwables.toStringList(event.getThrown()));
    }
    String line = text.toString().replace("signature=***", "").replace("X-Amz-Signature=***", "");
    for (int i = 0; i < searches.size(); i++) {
      if (found.get(i).size() < 20 && !searches.get(i).in(line).isEmpty()) {
        found
            .get(i)
            .add(
                event.getLevel()
                    + " "
                    + event.getLoggerName()
                    + " "
                    + line.substring(0, Math.min(line.length(), SHOWN)));
      }
    }
  }

  /** The first events in which a search found something. */
  List<String> found(SecretSearch search) {
    return found.get(searches.indexOf(search));
  }

  long events() {
    return events.get();
  }

  @Override
  public void close() {
    context.getConfiguration().getRootLogger().removeAppender(getName());
    context.reconfigure();
    stop();
  }
}
