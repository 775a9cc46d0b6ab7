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
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
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

  @Override
  public Profile load() {
    try {
      Path path = new Path(location);
      try (InputStream in = path.getFileSystem(hadoop).open(path)) {
        byte[] bytes = in.readNBytes(MOST_BYTES);
        return Profile.fromBytes(origin, bytes);
      }
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
