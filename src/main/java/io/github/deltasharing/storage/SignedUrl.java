/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.storage;

import io.github.deltasharing.http.HttpUrl;
import io.github.deltasharing.http.RefusedUrlException;
import io.github.deltasharing.protocol.compact.PackedText;
import java.io.Serializable;

/**
 * A URL whose query is a credential for one file. Prints as its host only. A class, not a record,
 * so that Kryo and Java serialise it alike.
 */
public final class SignedUrl implements Serializable {
  private static final long serialVersionUID = 1L;

  private final PackedText url;

  public SignedUrl(String url) {
    this(PackedText.of(url));
  }

  /** As it is kept: what it has in common with others is shared. */
  public SignedUrl(PackedText url) {
    this.url = url;
  }

  /**
   * The URL itself, for the request only.
   *
   * @throws io.github.deltasharing.http.RefusedUrlException if it is none that can be used; the
   *     message does not quote it
   */
  public HttpUrl parsed() {
    return HttpUrl.of(url.text());
  }

  /** The URL itself, for the way to an executor only. */
  public String secret() {
    return url.text();
  }

  PackedText packed() {
    return url;
  }

  /** The store's host and port, which may be shown. */
  public String host() {
    try {
      return parsed().authority();
    } catch (RefusedUrlException e) {
      return "(an unreadable URL)";
    }
  }

  /** The URL without its query: which file it is, without the right to read it. */
  String place() {
    String whole = url.text();
    int query = whole.indexOf('?');
    return query < 0 ? whole : whole.substring(0, query);
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof SignedUrl that && url.equals(that.url);
  }

  @Override
  public int hashCode() {
    return url.hashCode();
  }

  @Override
  public String toString() {
    return "SignedUrl[" + host() + "]";
  }
}
