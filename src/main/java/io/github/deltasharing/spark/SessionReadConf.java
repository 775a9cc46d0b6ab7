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
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkEnv;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.internal.SQLConf;

/**
 * Reads the options of a read by the active session: its confs and its file systems. Driver only.
 */
public final class SessionReadConf {
  /** Spark copies the confs of these names into each read's options, which have any case. */
  private static final String SOURCE_PREFIX = "spark.datasource." + LoadedTable.SOURCE + ".";

  private SessionReadConf() {}

  /**
   * The options of a read, with those of the session.
   *
   * @throws IllegalArgumentException as {@link SharingReadConf} does
   */
  public static SharingReadConf of(Map<String, String> options) {
    Map<String, String> spellings = spellings();
    return new SharingReadConf(
        options,
        name -> session(name, spellings),
        location -> read(location, SparkSession.active()));
  }

  /**
   * A conf's value; null where it is unset. What an administrator forbids is looked up in the
   * application's own confs first, which no session changes.
   */
  private static String session(String name, Map<String, String> spellings) {
    SparkEnv application = SparkEnv.get();
    if (application != null
        && AdministratorConfs.ALL.stream().anyMatch(conf -> conf.key().equals(name))
        && application.conf().contains(name)) {
      return application.conf().get(name);
    }
    String value = SQLConf.get().getConfString(name, null);
    String spelling = value == null ? spellings.get(name) : null;
    return spelling == null ? value : SQLConf.get().getConfString(spelling, null);
  }

  /** The names of the session's confs for this source as they are written, found in any case. */
  private static Map<String, String> spellings() {
    Map<String, String> spellings = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    scala.collection.Iterator<String> names = SQLConf.get().getAllConfs().keysIterator();
    while (names.hasNext()) {
      String name = names.next();
      if (name.startsWith(SOURCE_PREFIX)) {
        spellings.put(name, name);
      }
    }
    return spellings;
  }

  private static byte[] read(String location, SparkSession session) throws IOException {
    Path path = new Path(location);
    try (InputStream in = path.getFileSystem(session.sessionState().newHadoopConf()).open(path)) {
      return in.readNBytes(OptionFiles.MOST_BYTES);
    }
  }
}
