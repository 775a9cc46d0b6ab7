/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.client;

import io.github.deltasharing.protocol.ResponseFormat;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * The parameters of a query for a range of commits. Driver only; immutable.
 *
 * @param feed which side of the commits
 * @param start the first commit, inclusive: a version, or the first one at or after a time
 * @param end the last commit, inclusive: a version, the last one at or before a time, or the latest
 * @param formats response formats offered
 * @param readerFeatures table features that the caller honours
 * @param maxFiles files a page, or null for no paging
 */
public record ChangesRequest(
    Feed feed,
    AsOf start,
    AsOf end,
    List<ResponseFormat> formats,
    Collection<String> readerFeatures,
    Integer maxFiles) {
  /** What is to be known of commits. */
  public enum Feed {
    /** The rows that changed: the Change Data Feed. */
    ROWS,
    /** The files that came and went. */
    FILES
  }

  public ChangesRequest {
    if (start.isLatest() || (feed == Feed.FILES && start.version() == null)) {
      throw new IllegalArgumentException(
          "a range of commits starts somewhere, files' at a version");
    }
    if (feed == Feed.FILES && end.timestamp() != null) {
      throw new IllegalArgumentException("changes of files end at a version");
    }
    formats = List.copyOf(formats);
    readerFeatures = Set.copyOf(readerFeatures);
  }

  /** The same of another range. */
  public ChangesRequest between(AsOf first, AsOf last) {
    return new ChangesRequest(feed, first, last, formats, readerFeatures, maxFiles);
  }

  /** The suffix for a table's name in messages. */
  public String suffix() {
    String from = start.version() == null ? "" + start.timestamp() : "version " + start.version();
    String to = end.version() == null ? "" + end.timestamp() : "version " + end.version();
    return " from " + from + (end.isLatest() ? " on" : " to " + to);
  }
}
