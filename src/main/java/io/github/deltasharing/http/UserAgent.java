/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.http;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/** The {@code User-Agent} header of this client. Driver and executors; stateless. */
public final class UserAgent {
  private static final String PRODUCT = "Delta-Sharing-Spark-Connector/" + version();
  private static final String STREAMING =
      "Delta-Sharing-SparkStructuredStreaming/" + version() + " ";
  private static final String PLATFORM = spark() + " Java/" + Runtime.version().feature();

  private UserAgent() {}

  /**
   * The header's value for stores.
   *
   * @param callerOrg may be null; characters that no header may have are left out
   */
  public static String of(String callerOrg) {
    return PRODUCT + PLATFORM + organisation(callerOrg);
  }

  /**
   * The header's value for sharing servers.
   *
   * @param streaming whether for a stream: servers recognise the product name of the upstream
   *     connector's streams
   * @param queryId identifies the request and its retries in providers' logs
   * @param callerOrg may be null
   */
  public static String of(boolean streaming, String queryId, String callerOrg) {
    return (streaming ? STREAMING : "")
        + PRODUCT
        + PLATFORM
        + " QueryId-"
        + queryId
        + organisation(callerOrg);
  }

  private static String organisation(String callerOrg) {
    return callerOrg == null || callerOrg.isBlank()
        ? ""
        : " " + callerOrg.trim().replaceAll("[^\\x21-\\x7e]+", "_");
  }

  /** Spark's version by its own resource, for this floor does not know Spark's classes. */
  private static String spark() {
    Properties build = new Properties();
    try (InputStream in =
        UserAgent.class.getClassLoader().getResourceAsStream("spark-version-info.properties")) {
      if (in != null) {
        build.load(in);
      }
    } catch (IOException | IllegalArgumentException e) {
      // Without it, then.
    }
    String version = build.getProperty("version");
    return version == null ? "" : " Spark/" + version.replaceAll("[^\\x21-\\x7e]+", "_");
  }

  private static String version() {
    String version = UserAgent.class.getPackage().getImplementationVersion();
    return version == null ? "dev" : version;
  }
}
