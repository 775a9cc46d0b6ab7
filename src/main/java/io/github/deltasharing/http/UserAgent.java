/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.http;

/** The {@code User-Agent} header of this client. Driver and executors; stateless. */
public final class UserAgent {
  private static final String PRODUCT = "Delta-Sharing-Spark-Connector/" + version();
  private static final String STREAMING =
      "Delta-Sharing-SparkStructuredStreaming/" + version() + " ";
  private static final String JAVA = " Java/" + Runtime.version().feature();

  private UserAgent() {}

  /** The header's value for stores. */
  public static String ofStores() {
    return PRODUCT + JAVA;
  }

  /**
   * The header's value for sharing servers.
   *
   * @param streaming whether for a stream: servers recognise the product name of the upstream
   *     connector's streams
   * @param queryId identifies the request and its retries in providers' logs
   * @param callerOrg may be null; characters that no header may have are left out
   */
  public static String of(boolean streaming, String queryId, String callerOrg) {
    String base = (streaming ? STREAMING : "") + PRODUCT + JAVA + " QueryId-" + queryId;
    return callerOrg == null || callerOrg.isBlank()
        ? base
        : base + " " + callerOrg.trim().replaceAll("[^\\x21-\\x7e]+", "_");
  }

  private static String version() {
    String version = UserAgent.class.getPackage().getImplementationVersion();
    return version == null ? "dev" : version;
  }
}
