package io.github.deltasharing.spark;

import io.github.deltasharing.client.QueryResult;
import io.github.deltasharing.listing.SnapshotUrls;
import io.github.deltasharing.listing.UrlLife;

/**
 * What the server answered to a query, and what renews the URLs in it. Immutable. Known by its
 * identity: comparing file lists would cost.
 */
final class Snapshot {
  private final QueryResult result;
  private final UrlLife life;
  private final SnapshotUrls urls;

  /**
   * @param life of the URLs in the answer
   * @param urls gives others when they grow old
   */
  Snapshot(QueryResult result, UrlLife life, SnapshotUrls urls) {
    this.result = result;
    this.life = life;
    this.urls = urls;
  }

  QueryResult result() {
    return result;
  }

  UrlLife life() {
    return life;
  }

  SnapshotUrls urls() {
    return urls;
  }
}
