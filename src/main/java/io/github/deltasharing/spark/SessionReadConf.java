/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import io.github.deltasharing.options.AdministratorConfs;
import io.github.deltasharing.options.OptionFiles;
import io.github.deltasharing.options.SharingReadConf;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkEnv;
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
        options, SessionReadConf::session, location -> read(location, SparkSession.active()));
  }

  /**
   * A conf's value; null where it is unset. What an administrator forbids is looked up in the
   * application's own confs first, which no session changes.
   */
  private static String session(String name) {
    SparkEnv application = SparkEnv.get();
    if (application != null
        && AdministratorConfs.ALL.stream().anyMatch(conf -> conf.key().equals(name))
        && application.conf().contains(name)) {
      return application.conf().get(name);
    }
    return SQLConf.get().getConfString(name, null);
  }

  private static byte[] read(String location, SparkSession session) throws IOException {
    Path path = new Path(location);
    try (InputStream in = path.getFileSystem(session.sessionState().newHadoopConf()).open(path)) {
      return in.readNBytes(OptionFiles.MOST_BYTES);
    }
  }
}
