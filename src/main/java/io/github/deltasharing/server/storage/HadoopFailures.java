/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.storage;

import io.github.deltasharing.server.config.ConfigException;
import io.github.deltasharing.server.share.SharedTable;
import io.github.deltasharing.source.StoreException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import org.apache.hadoop.security.AccessControlException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says what a failure of a file system of Hadoop's means for a table: to recipients without names
 * of places, to the provider's log with its own words. Stateless.
 */
final class HadoopFailures {
  private static final Logger LOG = LoggerFactory.getLogger(HadoopFailures.class);

  private HadoopFailures() {}

  /** What to throw, which is logged here. */
  static StoreException of(SharedTable table, Exception failure) {
    LOG.warn("Cannot read {} at {}: {}", table.fullName(), table.location(), words(failure));
    String about = "Cannot read " + table.fullName() + ": ";
    if (failure instanceof AccessDeniedException || failure instanceof AccessControlException) {
      return StoreException.refused(
          about + "the server's credential may not read the table's store. Tell the provider",
          failure);
    }
    if (failure instanceof IOException) {
      return StoreException.unavailable(
          about + "the store that holds the table is not able to respond now. Try again later",
          failure);
    }
    return StoreException.refused(
        about
            + "the server's settings of the table's store do not serve. Tell the provider, whose"
            + " log has details",
        failure);
  }

  /** Of what it was caused by, in one line: what follows is what the store sent. */
  private static String words(Exception failure) {
    Throwable root = failure;
    while (root.getCause() != null && !(root instanceof ConfigException)) {
      root = root.getCause();
    }
    return root.toString().lines().findFirst().orElse("");
  }
}
