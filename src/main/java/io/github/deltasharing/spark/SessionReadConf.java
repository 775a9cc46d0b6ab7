/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import io.github.deltasharing.options.OptionFiles;
import io.github.deltasharing.options.SharingReadConf;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.internal.SQLConf;

/**
 * Reads the options of a read by the active session: its confs and its file systems. Driver only.
 */
public final class SessionReadConf {
  private SessionReadConf() {}

  /**
   * The options of a read, with those of the session.
   *
   * @throws IllegalArgumentException as {@link SharingReadConf} does
   */
  public static SharingReadConf of(Map<String, String> options) {
    return new SharingReadConf(
        options,
        name -> SQLConf.get().getConfString(name, null),
        location -> read(location, SparkSession.active()));
  }

  private static byte[] read(String location, SparkSession session) throws IOException {
    Path path = new Path(location);
    try (InputStream in = path.getFileSystem(session.sessionState().newHadoopConf()).open(path)) {
      return in.readNBytes(OptionFiles.MOST_BYTES);
    }
  }
}
