/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.source.delta;

import io.delta.kernel.exceptions.InvalidTableException;
import io.delta.kernel.exceptions.KernelEngineException;
import io.delta.kernel.exceptions.KernelException;
import io.delta.kernel.exceptions.TableNotFoundException;
import io.delta.kernel.utils.CloseableIterator;
import io.github.deltasharing.source.SourceException;
import io.github.deltasharing.source.StoreException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What reading a table's log failed with, as a response. A log that is damaged, incomplete or too
 * new stays so however often it is read: that is a 4xx with table, cause and what the provider can
 * do. What a second try may cure (a disk that fails, a file that was cleaned up meanwhile) is
 * passed on as it is and becomes a 500. Stateless.
 */
final class LogFailures {
  private static final Logger LOG = LoggerFactory.getLogger(LogFailures.class);
  private static final Pattern FEATURES = Pattern.compile("features \\[([^\\]]*)]");
  private static final Pattern READER_VERSION = Pattern.compile("reader version (\\d+)");
  private static final Pattern TYPE =
      Pattern.compile(
          "(\\S+) is not a supported delta data type"
              + "|valid Delta data type:\\s+\\{\"type\":\"([^\"]+)\"");
  private static final Pattern NO_SCHEMA =
      Pattern.compile("schemaString|Could not parse schema|valid StructType|for struct field");
  private static final Pattern NOT_FOUND = Pattern.compile("No (protocol|metadata) found");

  private LogFailures() {}

  /** Runs some work that Kernel does on a table's log. */
  static <T> T reading(DeltaTable table, Supplier<T> work) {
    try {
      return work.get();
    } catch (RuntimeException e) {
      throw of(table, e);
    }
  }

  /** The same for all steps of an iterator. */
  static <T> CloseableIterator<T> reading(DeltaTable table, CloseableIterator<T> iterator) {
    return new CloseableIterator<>() {
      @Override
      public boolean hasNext() {
        return reading(table, iterator::hasNext);
      }

      @Override
      public T next() {
        return reading(table, iterator::next);
      }

      @Override
      public void close() throws IOException {
        iterator.close();
      }
    };
  }

  /** What to throw for a failure: an error with its response, or the failure itself. */
  static RuntimeException of(DeltaTable table, RuntimeException failure) {
    if (failure instanceof SourceException) {
      return failure;
    }
    Optional<StoreException> store = cause(failure, StoreException.class);
    if (store.isPresent()) {
      return store.get();
    }
    Optional<LogDefect> defect = cause(failure, LogDefect.class);
    if (defect.isPresent()) {
      return defective(table, defect.get().getMessage(), failure);
    }
    if (failure instanceof TableNotFoundException || isNoTable(failure)) {
      return noTable(table, failure);
    }
    if (isUnsupported(failure)) {
      return tooNew(table, failure);
    }
    // Kernel's own exceptions are about what it has read; those of its engine may be of the disk.
    if (!(failure instanceof KernelException) && cause(failure, IOException.class).isPresent()) {
      return failure;
    }
    return known(table, failure);
  }

  private static SourceException known(DeltaTable table, RuntimeException failure) {
    String message = String.valueOf(failure.getMessage());
    Matcher type = TYPE.matcher(message);
    if (type.find()) {
      String name = type.group(1) == null ? type.group(2) : type.group(1);
      return unsupported(
          table,
          "the table has a column of the type " + name,
          "share the table without that column",
          failure);
    }
    Matcher notFound = NOT_FOUND.matcher(message);
    if (notFound.find()) {
      return defective(table, "no commit of it has the table's " + notFound.group(1), failure);
    }
    if (NO_SCHEMA.matcher(message).find()) {
      return defective(
          table, "the table's metadata has no schema that can be read (schemaString)", failure);
    }
    LogListing listing = LogListing.of(table);
    OptionalLong missing = listing.missingFor(listing.last().orElse(0));
    if (failure instanceof InvalidTableException && missing.isPresent()) {
      return defective(
          table, "the commit of version " + missing.getAsLong() + " is missing", failure);
    }
    return defective(table, "it cannot be replayed", failure);
  }

  /**
   * A failure to open or read a file of a log, as Kernel wants it: for files that are not there and
   * need not be, it looks at the cause.
   */
  static RuntimeException ofDisk(String name, Throwable failure) {
    if (String.valueOf(failure.getMessage()).contains("Permission denied")) {
      return new LogDefect("this server may not read " + name, failure);
    }
    return new KernelEngineException(
        "read " + name, failure instanceof IOException ? failure : new IOException(failure));
  }

  /** A failure to read a checkpoint: of the disk, or of what is in it. */
  static RuntimeException ofCheckpoint(String name, Exception failure) {
    Optional<StoreException> store = cause(failure, StoreException.class);
    if (store.isPresent()) {
      return store.get();
    }
    if (cause(failure, ClosedChannelException.class).isPresent()
        || cause(failure, FileSystemException.class)
            .filter(e -> !(e instanceof NoSuchFileException))
            .isPresent()) {
      return ofDisk(name, failure);
    }
    return cause(failure, FileNotFoundException.class)
        .map(
            missing ->
                name.indexOf('/') < 0
                    ? ofDisk(name, missing)
                    : new LogDefect("a checkpoint names " + name + ", which is missing", missing))
        .orElseGet(
            () ->
                failure instanceof LogDefect defect
                    ? defect
                    : new LogDefect(name + " cannot be read as Parquet (is it damaged?)", failure));
  }

  private static <T extends Throwable> Optional<T> cause(Throwable failure, Class<T> type) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (type.isInstance(t)) {
        return Optional.of(type.cast(t));
      }
    }
    return Optional.empty();
  }

  private static boolean isNoTable(RuntimeException failure) {
    return String.valueOf(failure.getMessage()).startsWith("No delta files found");
  }

  /** Whether a request names a time of which the log has no commit (any more). */
  static boolean isOutsideHistory(RuntimeException failure) {
    return failure instanceof KernelException
        && String.valueOf(failure.getMessage()).contains("The provided timestamp");
  }

  /** Whether Kernel says that the table needs a reader feature or version that it does not know. */
  private static boolean isUnsupported(RuntimeException failure) {
    return String.valueOf(failure.getMessage()).startsWith("Unsupported Delta");
  }

  /** Kernel's own message has the table's path in it. */
  private static SourceException tooNew(DeltaTable table, RuntimeException failure) {
    Matcher features = FEATURES.matcher(failure.getMessage());
    if (features.find()) {
      return unsupported(
          table, "the table uses the features " + features.group(1), "drop the feature", failure);
    }
    Matcher version = READER_VERSION.matcher(failure.getMessage());
    String what = version.find() ? "version " + version.group(1) : "a newer version";
    return unsupported(
        table,
        "the table asks its readers for " + what + " of the Delta protocol",
        "share it with a newer server",
        failure);
  }

  private static SourceException noTable(DeltaTable table, RuntimeException cause) {
    LOG.warn("There is no Delta table in {} ({})", table.location(), table.fullName());
    return SourceException.notFound(
        "Cannot read "
            + table.fullName()
            + ": there is no Delta table at the location that the provider configured. Tell the"
            + " provider",
        cause);
  }

  private static SourceException unsupported(
      DeltaTable table, String what, String advice, Throwable cause) {
    return SourceException.unsupported(
        "Cannot serve %s: %s, which this server does not know. Ask the provider to %s"
            .formatted(table.fullName(), what, advice),
        cause);
  }

  private static SourceException defective(DeltaTable table, String what, Throwable cause) {
    LOG.warn("The log of {} ({}) is damaged: {}", table.fullName(), table.location(), what, cause);
    return SourceException.unsupported(
        "Cannot read "
            + table.fullName()
            + ": its transaction log is damaged: "
            + what
            + ". Trying again does not help: tell the provider, who can restore the log from a"
            + " backup or write the table anew",
        cause);
  }
}
