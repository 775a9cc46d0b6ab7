/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.client;

import io.github.deltasharing.error.SharingErrors;
import java.util.HashSet;
import java.util.Set;

/** The pages of one response, which have to belong together. Driver only; used by one thread. */
final class ResponsePages {
  /** With a file a page this is a table that nobody lists in one query. */
  static final int MOST_PAGES = 1_000_000;

  /** A server may have filtered all files of a page away, but not of page after page. */
  static final int MOST_EMPTY_PAGES = 1000;

  private final String what;
  private final String host;
  private final Set<String> seen = new HashSet<>();
  private TableMetadata first;
  private int count;
  private int empty;

  /**
   * @param the request, for messages
   * @param host of the server
   */
  ResponsePages(String what, String host) {
    this.what = what;
    this.host = host;
  }

  /** Takes a page; returns the token of the next one, or null at the end. */
  String take(TableResponseReader<?> page) {
    count++;
    if (first == null) {
      first = page.table();
    }
    ResponseChecks.samePage(what, host, first, page.table());
    empty = page.files().isEmpty() ? empty + 1 : 0;
    limit(count, MOST_PAGES, "pages");
    limit(empty, MOST_EMPTY_PAGES, "pages without files one after another");
    String next = page.nextPageToken();
    if (next != null && !seen.add(next)) {
      throw SharingErrors.badResponse(what, host, "a page names itself as the next one", false);
    }
    return next;
  }

  private void limit(int pages, int most, String of) {
    if (pages > most) {
      throw SharingErrors.badResponse(what, host, "it has more than " + most + " " + of, false);
    }
  }

  /** The table, as the first page says. */
  TableMetadata table() {
    return first;
  }

  int count() {
    return count;
  }
}
