/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import io.github.deltasharing.error.SharingErrors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.package$;

/**
 * The Spark release that runs this. Every way into the connector asks for it first: older ones lack
 * classes and methods that the connector needs, and would fail with a LinkageError in the middle of
 * some queries. Driver only; thread-safe.
 */
public final class SparkRelease {
  private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+).*");

  private static volatile boolean supported;

  private SparkRelease() {}

  /**
   * Looks at the version, once in a JVM.
   *
   * @throws UnsupportedOperationException if it is older than Spark 3.5
   */
  public static void requireSupported() {
    if (!supported) {
      requireSupported(package$.MODULE$.SPARK_VERSION());
      supported = true;
    }
  }

  /** Versions that vendors write in another form than numbers are taken. */
  static void requireSupported(String version) {
    Matcher numbers = VERSION.matcher(version);
    if (numbers.matches()) {
      int major = Integer.parseInt(numbers.group(1));
      if (major < 3 || (major == 3 && Integer.parseInt(numbers.group(2)) < 5)) {
        throw SharingErrors.unsupportedSpark(version);
      }
    }
  }
}
