/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.directory;

import io.github.deltasharing.presign.StoreEndpoint;
import java.util.function.UnaryOperator;

/**
 * Where a bucket is reached. Immutable.
 *
 * @param endpoint of the store; null for Amazon's own in the region
 * @param region that signatures name
 * @param pathStyle whether the bucket is in the path of URLs
 */
record BucketPlace(StoreEndpoint endpoint, String region, boolean pathStyle) {
  private static final String FIRST_REGION = "us-east-1";

  /**
   * What a sharing server says of a store, as far as it does; null for unsaid.
   *
   * @param endpoint URL or host of the store
   */
  record Said(String endpoint, String region, Boolean pathStyle) {
    static final Said NOTHING = new Said(null, null, null);
  }

  /**
   * By the recipient's settings for the bucket, else by what the server says, else by the
   * recipient's settings for all of S3.
   *
   * @param hadoop a property of Hadoop's configuration; null for none
   * @throws IllegalArgumentException if one of them cannot be right; says why
   */
  static BucketPlace of(String bucket, Said said, UnaryOperator<String> hadoop) {
    String own = "fs.s3a.bucket." + bucket + ".";
    String endpoint =
        first(
            url(hadoop, own, hadoop.apply(own + "endpoint")),
            said.endpoint(),
            url(hadoop, own, hadoop.apply("fs.s3a.endpoint")));
    String region =
        first(
            hadoop.apply(own + "endpoint.region"),
            said.region(),
            hadoop.apply("fs.s3a.endpoint.region"));
    String style =
        first(
            hadoop.apply(own + "path.style.access"),
            said.pathStyle() == null ? null : said.pathStyle().toString(),
            hadoop.apply("fs.s3a.path.style.access"));
    boolean amazon = endpoint == null || isGlobal(endpoint);
    boolean pathStyle = style == null ? !amazon : Boolean.parseBoolean(style);
    if (region == null) {
      region = FIRST_REGION;
    }
    return amazon
        ? amazon(region, pathStyle)
        : new BucketPlace(StoreEndpoint.of(endpoint, pathStyle), region, pathStyle);
  }

  private static BucketPlace amazon(String region, boolean pathStyle) {
    StoreEndpoint.aws(region, pathStyle);
    return new BucketPlace(null, region, pathStyle);
  }

  /** Amazon's endpoint of no region: what is not in its first region is elsewhere. */
  private static boolean isGlobal(String endpoint) {
    return endpoint.matches("(?i)(https://)?s3(\\.us-east-1)?\\.amazonaws\\.com/?");
  }

  /** Hadoop's endpoints may be without a scheme. */
  private static String url(UnaryOperator<String> hadoop, String own, String endpoint) {
    if (endpoint == null || endpoint.isBlank() || endpoint.contains("://")) {
      return endpoint;
    }
    String name = "connection.ssl.enabled";
    String tls = first(hadoop.apply(own + name), hadoop.apply("fs.s3a." + name));
    return ("false".equals(tls) ? "http://" : "https://") + endpoint;
  }

  private static String first(String... values) {
    for (String value : values) {
      if (value != null && !value.isBlank()) {
        return value.strip();
      }
    }
    return null;
  }

  /** The same bucket in another region, as the store says. */
  BucketPlace in(String other) {
    return endpoint == null
        ? amazon(other, pathStyle)
        : new BucketPlace(endpoint, other, pathStyle);
  }

  /** What URLs lead to. */
  StoreEndpoint reached() {
    return endpoint == null ? StoreEndpoint.aws(region, pathStyle) : endpoint;
  }
}
