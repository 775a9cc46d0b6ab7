/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.storage;

import io.github.deltasharing.server.config.ConfigException;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.UnsupportedFileSystemException;

/**
 * A container of Azure's or a bucket of Google's, by the settings of one entry of {@code storage}:
 * a file system of its own, never Hadoop's cached one, in which entries would meet, and who signs
 * URLs. Safe for use by several threads. Who opened it closes it.
 */
record HadoopStore(FileSystem files, ObjectUrls urls) implements AutoCloseable {

  /** Opens the store of a table's location; the store itself is not asked. */
  static HadoopStore open(
      URI location, Configuration hadoop, Optional<String> publicEndpoint, Clock clock)
      throws IOException {
    boolean azure = location.getScheme().equals("abfss");
    ObjectUrls urls =
        azure
            ? AzureUrls.of(location, hadoop, publicEndpoint, clock)
            : GcsUrls.of(location, hadoop, publicEndpoint, clock);
    try {
      return new HadoopStore(FileSystem.newInstance(location, hadoop), urls);
    } catch (UnsupportedFileSystemException e) {
      throw missing(location, azure, e);
    } catch (RuntimeException e) {
      // Hadoop knows the name of Azure's class, whether it is there or not.
      throw e.getCause() instanceof ClassNotFoundException ? missing(location, azure, e) : e;
    }
  }

  private static ConfigException missing(URI location, boolean azure, Exception cause) {
    return new ConfigException(
        "%s is read by %s, which is not on the class path. Start the server by java -cp with its jar and that one"
            .formatted(
                location,
                azure
                    ? "org.apache.hadoop:hadoop-azure:3.3.4"
                    : "com.google.cloud.bigdataoss:gcs-connector:hadoop3-2.2.26 (classifier shaded)"),
        cause);
  }

  @Override
  public void close() throws IOException {
    files.close();
  }
}
