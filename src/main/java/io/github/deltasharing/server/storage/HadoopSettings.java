/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.storage;

import io.github.deltasharing.server.config.ConfigException;
import io.github.deltasharing.server.config.StorageConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/**
 * Makes Hadoop's configuration for a store: a {@code core-site.xml} on the class path or in {@code
 * HADOOP_CONF_DIR}, over it what {@code storage} has for the location, and under both waits that
 * end in seconds, where Hadoop's own end in minutes. Stateless.
 */
final class HadoopSettings {
  private static final String SITE = "core-site.xml";

  /** For a request of a recipient who waits. Each is only for those who have not set it. */
  private static final Map<String, String> DEFAULTS =
      Map.of(
          "fs.s3a.attempts.maximum", "4",
          "fs.s3a.connection.establish.timeout", "5000",
          "fs.s3a.connection.timeout", "20000",
          "fs.s3a.retry.limit", "2",
          // Nothing is asked of a bucket before a table of it is read.
          "fs.s3a.bucket.probe", "0",
          // Its spans are of file system calls, which are not what reads here.
          "fs.s3a.audit.enabled", "false",
          "fs.azure.io.retry.max.retries", "2",
          "fs.azure.oauth.token.fetch.retry.max.retries", "2",
          "fs.gs.http.max.retry", "2",
          "fs.gs.http.read-timeout", "20000");

  private HadoopSettings() {}

  /** The configuration, for nobody else. */
  static Configuration of(Optional<StorageConfig> entry) {
    return of(entry, System.getenv());
  }

  static Configuration of(Optional<StorageConfig> entry, Map<String, String> environment) {
    Configuration settings = new Configuration();
    String directory = environment.get("HADOOP_CONF_DIR");
    if (directory != null) {
      Path site = Path.of(directory, SITE);
      if (Files.isRegularFile(site)) {
        settings.addResource(new org.apache.hadoop.fs.Path(site.toUri()));
      }
    }
    Map<String, String> own = entry.map(StorageConfig::hadoop).orElse(Map.of());
    Map<String, String> all = new LinkedHashMap<>(own);
    DEFAULTS.forEach(
        (name, value) -> {
          if (isDefault(settings, name)) {
            all.putIfAbsent(name, value);
          }
        });
    all.forEach(settings::set);
    own.keySet().forEach(name -> checkSubstituted(name, settings.get(name), entry));
    return settings;
  }

  private static boolean isDefault(Configuration settings, String name) {
    String[] sources = settings.getPropertySources(name);
    return sources == null || sources.length == 0 || sources[0].equals("core-default.xml");
  }

  /** Hadoop leaves {@code ${env.NAME}} as it is when there is no such variable. */
  private static void checkSubstituted(String name, String value, Optional<StorageConfig> entry) {
    if (value.contains("${env.")) {
      throw new ConfigException(
          "storage: "
              + name
              + " of "
              + entry.map(StorageConfig::prefix).orElse("")
              + " names a variable that is not in the server's environment: set it");
    }
  }
}
