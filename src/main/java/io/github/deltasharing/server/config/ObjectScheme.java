/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.config;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The kinds of object stores, by the schemes of locations in them. */
enum ObjectScheme {
  /** {@code s3} and {@code s3n} are older names. Hadoop takes buckets for hosts. */
  S3A(
      Set.of("s3", "s3n", "s3a"),
      "[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?",
      "a bucket of letters, digits, '.' and '-', as Hadoop takes it"),
  /** Without TLS or with it: Hadoop always uses TLS. */
  ABFSS(
      Set.of("abfs", "abfss"),
      "[a-z0-9$-]+@[a-z0-9]+\\.[a-z0-9.-]+",
      "a container and an account, such as container@account.dfs.core.windows.net"),
  GS(
      Set.of("gs"),
      "[a-z0-9]([a-z0-9._-]*[a-z0-9])?",
      "a bucket of small letters, digits, '.', '_' and '-'");

  private final Set<String> names;
  private final Pattern bucket;
  private final String rule;

  ObjectScheme(Set<String> names, String bucket, String rule) {
    this.names = names;
    this.bucket = Pattern.compile(bucket);
    this.rule = rule;
  }

  /**
   * The kind that a scheme is a name of.
   *
   * @param name in lower case
   */
  static Optional<ObjectScheme> of(String name) {
    for (ObjectScheme scheme : values()) {
      if (scheme.names.contains(name)) {
        return Optional.of(scheme);
      }
    }
    return Optional.empty();
  }

  /** Whether a location's authority names a bucket or a container. */
  boolean isBucket(String authority) {
    return bucket.matcher(authority).matches();
  }

  /** What such an authority is like. */
  String rule() {
    return rule;
  }
}
