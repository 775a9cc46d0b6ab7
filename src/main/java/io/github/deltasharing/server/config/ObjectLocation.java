/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A place in an object store as {@code share.yaml} names it, in its one spelling: {@code s3} and
 * {@code s3n} are older names of {@code s3a}, {@code abfs} is read as {@code abfss}. As in Hadoop's
 * paths, nothing in it is percent-encoded. Immutable.
 *
 * @param bucket or container and account of Azure; empty for every one
 * @param path the segments below the bucket, each with a slash before it; empty for all of it
 */
record ObjectLocation(String scheme, String bucket, String path) {
  private static final Pattern LOCATION =
      Pattern.compile("(?s)([A-Za-z][A-Za-z0-9+.-]*)://([^/]*)(/.*)?");

  /** A class of what Hadoop reads S3 with. */
  private static final String S3A_CLASS = "org.apache.hadoop.fs.s3a.S3AFileSystem";

  /**
   * Reads a location or a prefix of some.
   *
   * @param key what it is the value of
   * @throws ConfigException when it is not one, or of a store that this server does not know
   */
  static ObjectLocation of(String key, String text) {
    Matcher parts = LOCATION.matcher(text);
    if (!parts.matches()) {
      throw ConfigException.wrong(key, text, "a location with a scheme, such as s3a://bucket/dir");
    }
    String name = parts.group(1).toLowerCase(Locale.ROOT);
    ObjectScheme scheme =
        ObjectScheme.of(name)
            .orElseThrow(
                () ->
                    ConfigException.wrong(
                        key,
                        name + "://…",
                        "a path, a file: URI, s3a://bucket/dir,"
                            + " abfss://container@account.dfs.core.windows.net/dir or"
                            + " gs://bucket/dir: stores of other schemes are not served"));
    if (scheme == ObjectScheme.S3A) {
      requireS3a(key);
    }
    String bucket = parts.group(2);
    // A secret may have a slash: the @ is behind it then.
    if (scheme != ObjectScheme.ABFSS && bucket.matches("(?s).*[@:].*")) {
      throw new ConfigException(
          key
              + " has a credential in it: put it into storage, as fs.s3a.access.key and .secret.key");
    }
    if (!bucket.isEmpty() && !scheme.isBucket(bucket)) {
      throw new ConfigException(
          "%s names the bucket '%s': behind %s:// it must be %s"
              .formatted(key, bucket, name, scheme.rule()));
    }
    return new ObjectLocation(
        scheme.name().toLowerCase(Locale.ROOT), bucket, path(key, text, parts.group(3)));
  }

  private static String path(String key, String text, String written) {
    List<String> segments = new ArrayList<>(List.of(""));
    for (String segment : (written == null ? "" : written).split("/", -1)) {
      if (segment.equals(".") || segment.equals("..")) {
        throw ConfigException.wrong(key, text, "a location without '.' and '..' steps");
      }
      if (!segment.isEmpty()) {
        segments.add(segment);
      }
    }
    return String.join("/", segments);
  }

  private static void requireS3a(String key) {
    try {
      Class.forName(S3A_CLASS, false, ObjectLocation.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new ConfigException(
          key
              + " is on S3, which needs org.apache.hadoop:hadoop-aws:3.3.4 and"
              + " com.amazonaws:aws-java-sdk-s3, -sts and -dynamodb:1.12.262 on the class path. The"
              + " server's own jar has them",
          e);
    }
  }

  /** As a table's location, which is in a bucket. */
  URI uri(String key) {
    if (bucket.isEmpty()) {
      throw ConfigException.wrong(key, this, "a location with a bucket, such as s3a://bucket/dir");
    }
    try {
      return new URI(scheme, bucket, path, null, null);
    } catch (URISyntaxException e) {
      throw new ConfigException(key + " is '" + this + "': it is no location", e);
    }
  }

  /** Not encoded. */
  @Override
  public String toString() {
    return scheme + "://" + bucket + path;
  }
}
