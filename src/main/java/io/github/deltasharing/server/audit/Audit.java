/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.audit;

import io.github.deltasharing.server.http.AccessRecord;
import io.github.deltasharing.server.store.AuditEvent;
import io.github.deltasharing.server.store.Database;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes an event of each request, writes it as a line of a file and to the logger {@code
 * io.github.deltasharing.audit} (at DEBUG), and keeps it in the database. A request waits for the
 * file and for nothing else, and fails for neither. Safe for use by several threads; the server
 * closes it.
 */
public final class Audit implements Consumer<AccessRecord>, AutoCloseable {
  /**
   * What an audit is made of.
   *
   * @param file where lines go; empty for no file
   * @param fileBytes how long a file becomes
   * @param files how many older ones are kept
   * @param keptFor how long events stay in the database
   * @param mostEvents how many stay there
   */
  public record Settings(
      Optional<Path> file, long fileBytes, int files, Duration keptFor, long mostEvents) {}

  private static final Logger AUDIT = LoggerFactory.getLogger("io.github.deltasharing.audit");
  private static final String FILE = "file";
  private static final int ON_THEIR_WAY = 10_000;

  private final AuditEvents events;
  private final Optional<AuditFile> file;
  private final Optional<AuditWriter> writer;
  private final Clock clock;

  Audit(
      AuditEvents events,
      Optional<AuditFile> file,
      Function<Audit, Optional<AuditWriter>> writer,
      Clock clock) {
    this.events = events;
    this.file = file;
    this.clock = clock;
    this.writer = writer.apply(this);
  }

  /**
   * Opens an audit.
   *
   * @param database where events are kept, if anywhere
   * @param names the name of a recipient by its principal's id; empty if it is not known
   */
  public static Audit open(
      Settings settings, Optional<Database> database, Function<String, String> names, Clock clock) {
    Optional<AuditFile> file =
        settings
            .file()
            .map(path -> new AuditFile(path, settings.fileBytes(), settings.files(), clock));
    return new Audit(
        new AuditEvents(names),
        file,
        audit ->
            database.map(
                store ->
                    new AuditWriter(
                        new AuditDatabase(store, settings.keptFor(), settings.mostEvents(), clock),
                        ON_THEIR_WAY,
                        lost -> audit.gap("database", lost))),
        clock);
  }

  @Override
  public void accept(AccessRecord access) {
    if (file.isPresent() || writer.isPresent() || AUDIT.isDebugEnabled()) {
      events.of(access).ifPresent(event -> emit(event, 0));
    }
  }

  /** Sends an event on its ways; one that tells of lines missing in the file says of how many. */
  private void emit(AuditEvent event, long told) {
    if (file.isPresent() || AUDIT.isDebugEnabled()) {
      String line = OcsfEvent.line(event);
      AUDIT.debug("{}", line);
      long missing = file.map(lines -> lines.write(line, told)).orElse(0L);
      if (missing > 0) {
        gap(FILE, missing);
      }
    }
    writer.ifPresent(store -> store.add(event));
  }

  private void gap(String place, long lost) {
    emit(events.gap(clock.instant(), place, lost), place.equals(FILE) ? lost : 0);
  }

  /** Waits until the events of all requests so far are kept. */
  public void flush() throws InterruptedException {
    if (writer.isPresent()) {
      writer.get().flush();
    }
  }

  @Override
  public void close() {
    writer.ifPresent(AuditWriter::close);
    file.ifPresent(AuditFile::close);
  }
}
