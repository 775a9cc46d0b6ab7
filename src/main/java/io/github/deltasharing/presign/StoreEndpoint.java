/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.presign;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Where a store that speaks S3's protocol is reached. Immutable.
 *
 * @param scheme {@code http} or {@code https}
 * @param host in small letters, an IPv6 address in brackets
 * @param port −1 for the scheme's own
 * @param pathStyle whether buckets are the first segment of paths, always, and not a part of the
 *     host's name where they can be
 */
public record StoreEndpoint(String scheme, String host, int port, boolean pathStyle) {
  private static final Pattern HOST =
      Pattern.compile("[a-z0-9_]([a-z0-9._-]*[a-z0-9_])?\\.?|\\[[0-9a-f:.]+]");
  private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|\\[.*");
  private static final Pattern REGION = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  /** All that S3 and look-alikes have ever taken; capitals and underscores only in paths. */
  private static final Pattern BUCKET = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,254}");

  /** Without dots: a wildcard certificate covers one label. */
  private static final Pattern HOST_LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

  public StoreEndpoint {
    scheme = scheme.toLowerCase(Locale.ROOT);
    host = host.toLowerCase(Locale.ROOT);
    if (!scheme.equals("https") && !scheme.equals("http")) {
      throw new IllegalArgumentException(
          "A store's endpoint must be an http or https URL, not " + scheme + ":");
    }
    if (!HOST.matcher(host).matches()) {
      throw new IllegalArgumentException("A store's endpoint has an illegal host name: " + host);
    }
    if (port != -1 && (port < 1 || port > 65535)) {
      throw new IllegalArgumentException("A store's endpoint has an illegal port: " + port);
    }
    if (port == (scheme.equals("https") ? 443 : 80)) {
      port = -1;
    }
  }

  /**
   * Reads an endpoint: a URL, or a host and perhaps a port, which means https.
   *
   * @throws IllegalArgumentException when it is neither, or has a path, which stores' signatures
   *     would not cover the same way on both sides
   */
  public static StoreEndpoint of(String endpoint, boolean pathStyle) {
    String text = endpoint.strip();
    URI uri;
    try {
      uri = new URI(text.contains("://") ? text : "https://" + text);
    } catch (URISyntaxException e) {
      // Not the text: a user name and password may be in it.
      throw new IllegalArgumentException("A store's endpoint is not a URL: " + e.getReason());
    }
    String authority = uri.getRawAuthority();
    if (authority == null || uri.getRawUserInfo() != null || authority.indexOf('@') >= 0) {
      throw new IllegalArgumentException(
          "A store's endpoint must be scheme://host:port, with a host and without a user");
    }
    String path = uri.getRawPath();
    if (path != null && !path.isEmpty() && !path.equals("/")
        || uri.getRawQuery() != null
        || uri.getRawFragment() != null) {
      throw new IllegalArgumentException(
          "A store's endpoint must be scheme://host:port, without a path or a query: "
              + uri.getScheme()
              + "://"
              + authority);
    }
    // java.net.URI finds no host in names with underscores.
    int colon = authority.endsWith("]") ? -1 : authority.lastIndexOf(':');
    String host = colon < 0 ? authority : authority.substring(0, colon);
    return new StoreEndpoint(
        uri.getScheme(), host, colon < 0 ? -1 : port(authority.substring(colon + 1)), pathStyle);
  }

  private static int port(String text) {
    if (!text.matches("\\d{1,5}")) {
      throw new IllegalArgumentException("A store's endpoint has an illegal port: " + text);
    }
    return Integer.parseInt(text);
  }

  /** Amazon's own endpoint of a region, in whichever partition it is. */
  public static StoreEndpoint aws(String region, boolean pathStyle) {
    checkRegion(region);
    return new StoreEndpoint("https", "s3." + region + "." + domain(region), -1, pathStyle);
  }

  private static String domain(String region) {
    if (region.startsWith("cn-")) {
      return "amazonaws.com.cn";
    } else if (region.startsWith("us-iso-")) {
      return "c2s.ic.gov";
    } else if (region.startsWith("us-isob-")) {
      return "sc2s.sgov.gov";
    } else if (region.startsWith("us-isof-")) {
      return "csp.hci.ic.gov";
    } else if (region.startsWith("eu-isoe-")) {
      return "cloud.adc-e.uk";
    } else if (region.startsWith("eusc-")) {
      return "amazonaws.eu";
    }
    return "amazonaws.com";
  }

  /** Google's. */
  public static StoreEndpoint google() {
    return new StoreEndpoint("https", "storage.googleapis.com", -1, true);
  }

  static String checkRegion(String region) {
    if (!REGION.matcher(region).matches()) {
      throw new IllegalArgumentException("A store's region must be like us-east-1, not " + region);
    }
    return region;
  }

  /** Host and port, as the Host header has them. */
  String authority() {
    return port == -1 ? host : host + ":" + port;
  }

  /**
   * Whether a bucket is in the path: also one whose name no certificate for the host covers.
   *
   * @throws IllegalArgumentException when it is no bucket's name
   */
  boolean isInPath(String bucket) {
    if (!BUCKET.matcher(bucket).matches()) {
      throw new IllegalArgumentException("Not a bucket's name: " + bucket);
    }
    return pathStyle || !HOST_LABEL.matcher(bucket).matches() || ADDRESS.matcher(host).matches();
  }
}
