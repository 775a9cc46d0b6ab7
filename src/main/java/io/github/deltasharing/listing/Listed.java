/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.listing;

import io.github.deltasharing.client.QueryResult;
import java.time.Duration;
import java.util.List;

/**
 * A list of files, the life of their URLs and what refreshes them. Immutable; driver only. Compared
 * by identity: comparing file lists would cost.
 *
 * @param <A> the response: a snapshot's files, or those of commits
 */
public final class Listed<A> {
  private final A result;
  private final UrlLifetime life;
  private final ScanUrls urls;

  /**
   * @param life of the URLs in the listing
   * @param urls refreshes them
   */
  public Listed(A result, UrlLifetime life, ScanUrls urls) {
    this.result = result;
    this.life = life;
    this.urls = urls;
  }

  /** A listing without files. */
  public static <A> Listed<A> nothing(A result) {
    return new Listed<>(
        result,
        new UrlLifetime(System.currentTimeMillis(), Duration.ZERO, null),
        new ScanUrls(new NoFiles(), Duration.ZERO));
  }

  private static final class NoFiles implements ListingRefresh {
    @Override
    public QueryResult refresh() {
      return new QueryResult(null, List.of(), null, null, 0);
    }

    @Override
    public void confirm() {}
  }

  public A result() {
    return result;
  }

  /** Of the URLs in the listing. */
  public UrlLifetime life() {
    return life;
  }

  /** Refreshes the URLs. */
  public ScanUrls urls() {
    return urls;
  }

  /** Without the URLs. */
  @Override
  public String toString() {
    return "Listed[" + result + "]";
  }
}
