/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.storage;

import com.amazonaws.util.SdkHttpUtils;
import io.github.deltasharing.server.storage.RequestSigner.Target;
import io.github.deltasharing.source.PercentText;
import java.util.Locale;
import java.util.Optional;

/**
 * The URLs of the objects of one bucket, in both ways to name the bucket: clients choose one by
 * their own rules, whatever they are told. Immutable.
 *
 * @param endpoint of the store: scheme, host, and a port if it is not the scheme's
 * @param bucket its name
 */
record StoreUrls(String endpoint, String bucket) {
  StoreUrls {
    endpoint = normal(endpoint);
  }

  /** A client may say the scheme's own port, or leave it out. */
  private static String normal(String origin) {
    String text = origin.toLowerCase(Locale.ROOT);
    String port = text.startsWith("https:") ? ":443" : ":80";
    return text.endsWith(port) ? text.substring(0, text.length() - port.length()) : text;
  }

  /** Scheme and host of a URL. */
  String origin(boolean bucketInPath) {
    return bucketInPath ? endpoint : endpoint.replaceFirst("://", "://" + bucket + ".");
  }

  /** The path of an object's URL, encoded as it is signed. */
  String path(Target object) {
    return (object.bucketInPath() ? "/" + bucket : "")
        + "/"
        + SdkHttpUtils.urlEncode(object.path(), true);
  }

  /** The object that a URL names; empty if it is of another place, or has more than a path. */
  Optional<Target> parse(String url) {
    int host = url.indexOf("://") + 3;
    int slash = url.indexOf('/', host);
    if (host < 3 || slash < 0 || url.indexOf('?') >= 0 || url.indexOf('#') >= 0) {
      return Optional.empty();
    }
    String origin = normal(url.substring(0, slash));
    String path = url.substring(slash + 1);
    if (origin.equals(origin(true)) && path.startsWith(bucket + "/")) {
      return decoded(path.substring(bucket.length() + 1), true);
    }
    return origin.equals(origin(false)) ? decoded(path, false) : Optional.empty();
  }

  private static Optional<Target> decoded(String path, boolean bucketInPath) {
    try {
      return Optional.of(new Target(PercentText.decode(path), bucketInPath));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
