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
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * A profile in any Hadoop file system, or in an environment variable ({@code env:NAME}). Driver
 * only.
 */
final class HadoopProfileSource implements ProfileSource {
  /** Profiles are some hundred bytes; a data file given by mistake is not read whole. */
  private static final int MOST_BYTES = 1 << 20;

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

  @Override
  public Profile load() {
    try {
      Path path = new Path(location);
      try (InputStream in = path.getFileSystem(hadoop).open(path)) {
        byte[] bytes = in.readNBytes(MOST_BYTES);
        return Profile.fromBytes(origin, bytes);
      }
    } catch (FileNotFoundException e) {
      throw ProfileErrors.profileNotFound(origin, e);
    } catch (IOException e) {
      throw ProfileErrors.profileUnreadable(origin, e);
    }
  }
}
