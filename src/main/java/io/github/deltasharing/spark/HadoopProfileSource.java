/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import io.github.deltasharing.client.Profile;
import io.github.deltasharing.client.ProfileSource;
import io.github.deltasharing.error.ProfileErrors;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.UnsupportedFileSystemException;

/**
 * A profile in any Hadoop file system, or in an environment variable ({@code env:NAME}). Driver
 * only.
 */
final class HadoopProfileSource implements ProfileSource {
  /** Profiles are some hundred bytes; a data file given by mistake is not read whole. */
  private static final int MOST_BYTES = 1 << 20;

  /** The URI schemes of Hadoop's own file systems for clouds, and the artifacts that have them. */
  private static final Map<String, String> ARTIFACTS =
      Map.of(
          "s3a", "org.apache.hadoop:hadoop-aws",
          "abfs", "org.apache.hadoop:hadoop-azure",
          "abfss", "org.apache.hadoop:hadoop-azure",
          "wasb", "org.apache.hadoop:hadoop-azure",
          "wasbs", "org.apache.hadoop:hadoop-azure");

  /**
   * Hadoop's client for S3 tries a store that does not respond for over ten minutes, with no word
   * in between: for a profile less is enough, where the cluster's configuration does not say more.
   */
  private static final Map<String, String> S3_LIMITS =
      Map.of(
          "fs.s3a.attempts.maximum", "3",
          "fs.s3a.retry.limit", "1",
          "fs.s3a.connection.establish.timeout", "5000",
          "fs.s3a.connection.timeout", "20000");

  private final String location;
  private final String origin;
  private final Configuration hadoop;

  private HadoopProfileSource(String location, String origin, Configuration hadoop) {
    this.location = location;
    this.origin = origin;
    this.hadoop = hadoop;
  }

  /**
   * The source for the part before the {@code #} of a table's path.
   *
   * @param origin the location as messages say it
   */
  static ProfileSource of(String location, String origin, Configuration hadoop) {
    return location.startsWith(ENV_PREFIX)
        ? ProfileSource.environment(location.substring(ENV_PREFIX.length()), origin)
        : new HadoopProfileSource(location, origin, hadoop);
  }

  private IllegalArgumentException noFileSystem(Exception e) {
    String scheme = new Path(location).toUri().getScheme();
    return ProfileErrors.noFileSystem(origin, scheme, ARTIFACTS.get(scheme), e);
  }

  /** Where the file system looks, in full. */
  private String resolved() {
    try {
      Path path = new Path(location);
      return path.getFileSystem(hadoop).makeQualified(path).toString();
    } catch (IOException | RuntimeException e) {
      return location;
    }
  }

  private byte[] bytes(Path path) throws IOException {
    URI uri = path.toUri();
    String scheme = (uri.getScheme() == null ? FileSystem.getDefaultUri(hadoop) : uri).getScheme();
    if (!"s3a".equals(scheme)) {
      return bytes(path.getFileSystem(hadoop), path);
    }
    // Not the one that jobs share, which must not get these limits.
    try (FileSystem own = FileSystem.newInstance(uri, withS3Limits())) {
      return bytes(own, path);
    }
  }

  private static byte[] bytes(FileSystem files, Path path) throws IOException {
    try (InputStream in = files.open(path)) {
      return in.readNBytes(MOST_BYTES);
    }
  }

  private Configuration withS3Limits() {
    Configuration limited = new Configuration(hadoop);
    S3_LIMITS.forEach(
        (name, value) -> {
          String[] sources = hadoop.getPropertySources(name);
          if (sources == null || sources[sources.length - 1].equals("core-default.xml")) {
            limited.set(name, value);
          }
        });
    return limited;
  }

  @Override
  public Profile load() {
    try {
      return Profile.fromBytes(origin, bytes(new Path(location)));
    } catch (FileNotFoundException e) {
      throw ProfileErrors.profileNotFound(origin, resolved(), e);
    } catch (UnsupportedFileSystemException e) {
      throw noFileSystem(e);
    } catch (RuntimeException e) {
      // A class of a file system that the configuration names and the class path lacks.
      throw e.getCause() instanceof ClassNotFoundException ? noFileSystem(e) : e;
    } catch (IOException e) {
      throw ProfileErrors.profileUnreadable(origin, e);
    }
  }
}
