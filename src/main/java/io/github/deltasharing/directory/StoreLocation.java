/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.directory;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A directory in an object store, as a sharing server names it. Immutable.
 *
 * @param scheme of the store, in lower case; the spellings of S3 are one
 * @param authority the bucket, or {@code container@host}
 * @param path decoded, without slashes at its ends; empty for the whole bucket
 */
record StoreLocation(String scheme, String authority, String path) {
  private static final Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]{0,31}):");
  private static final Pattern FORM =
      Pattern.compile("([A-Za-z][A-Za-z0-9+.-]{0,31})://([^/?#\\s]{1,512})(/[^\\p{Cntrl}]*)?");

  /**
   * Reads a location. It is decoded as it stands: object names may have any character, and servers
   * write them as they are.
   *
   * @throws IllegalArgumentException if it is none; says why, without quoting it
   */
  static StoreLocation parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException("it is no location in an object store");
    }
    if (scheme(text).equals("s3a") && form.group(2).indexOf('@') >= 0) {
      // Hadoop once took keys there.
      throw new IllegalArgumentException("its bucket has a user before it, or a key");
    }
    String path = form.group(3) == null ? "" : form.group(3).replaceAll("^/+|/+$", "");
    if (!path.isEmpty() && !isBelow(path)) {
      throw new IllegalArgumentException("its path has empty parts, or steps up");
    }
    return new StoreLocation(scheme(text), form.group(2), path);
  }

  /** The scheme of a location, in lower case; empty where it has none. */
  static String scheme(String text) {
    Matcher scheme = SCHEME.matcher(text);
    return scheme.lookingAt() ? unified(scheme.group(1).toLowerCase(Locale.ROOT)) : "";
  }

  private static String unified(String scheme) {
    return scheme.equals("s3") || scheme.equals("s3n") ? "s3a" : scheme;
  }

  /** Whether directories of a scheme are read here. */
  static boolean isReadable(String scheme) {
    return scheme.equals("s3a") || scheme.equals("r2");
  }

  /** Whether it is on S3, or a store that is one for its readers. */
  boolean isS3() {
    return scheme.equals("s3a") || scheme.equals("r2");
  }

  /** The bucket, where the authority may have a host after it. */
  String bucket() {
    int at = authority.indexOf('@');
    return at < 0 ? authority : authority.substring(0, at);
  }

  /** The store's URL, where the location has it; else null. */
  String endpoint() {
    int at = authority.indexOf('@');
    return at < 0 ? null : "https://" + authority.substring(at + 1);
  }

  /** Whether a path leads down only, whoever reads it. */
  static boolean isBelow(String path) {
    return List.of(path.split("/", -1)).stream()
        .noneMatch(part -> part.isEmpty() || part.equals(".") || part.equals(".."));
  }

  /** The object that a path below this means; the directory itself for an empty one. */
  String key(String below) {
    return path.isEmpty() ? below : path + "/" + below;
  }

  /** Whether another location is this one or below it. */
  boolean covers(StoreLocation other) {
    return scheme.equals(other.scheme)
        && authority.equals(other.authority)
        && (path.isEmpty() || other.path.equals(path) || other.path.startsWith(path + "/"));
  }

  /** The path below this of another location; null where it is not below it. */
  String relativize(StoreLocation other) {
    if (!covers(other) || other.path.length() == path.length()) {
      return null;
    }
    return path.isEmpty() ? other.path : other.path.substring(path.length() + 1);
  }

  /** The directory as a URI's text, decoded. */
  @Override
  public String toString() {
    return scheme + "://" + authority + (path.isEmpty() ? "" : "/" + path);
  }
}
