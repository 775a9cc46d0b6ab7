/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.iceberg;

import io.github.deltasharing.source.SourceException;
import io.github.deltasharing.source.StoreException;
import java.io.FileNotFoundException;
import java.util.function.Supplier;
import org.apache.iceberg.exceptions.NotFoundException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says why an Iceberg table cannot be read, in terms of the table. Stateless. */
final class IcebergFailures {
  private static final Logger LOG = LoggerFactory.getLogger(IcebergFailures.class);

  private IcebergFailures() {}

  /** Does something of which every failure is said in these terms. */
  static <T> T reading(IcebergTable table, Supplier<T> work) {
    try {
      return work.get();
    } catch (RuntimeException e) {
      throw of(table, e);
    }
  }

  /** A failure as recipients may see it: without the text of others, which has locations. */
  static RuntimeException of(IcebergTable table, RuntimeException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SourceException || cause instanceof StoreException) {
        return (RuntimeException) cause;
      }
    }
    LOG.warn("Cannot read {} in {}", table.name(), table.shared().location(), failure);
    boolean missing = false;
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      missing |= cause instanceof NotFoundException || cause instanceof FileNotFoundException;
    }
    return SourceException.unsupported(
        missing
            ? "Cannot read %s: a file of its Iceberg metadata is not there. Tell the provider, whose server's log says which"
                .formatted(table.name())
            : "Cannot read %s: its Iceberg metadata is damaged. Tell the provider, whose server's log has the reason"
                .formatted(table.name()),
        failure);
  }
}
