package io.github.deltasharing.client;

import io.github.deltasharing.error.SharingErrors;
import java.util.HashSet;
import java.util.Set;

/** The pages of one answer, which have to belong together. Used by one thread. */
final class AnswerPages {
  private final String what;
  private final String host;
  private final Set<String> seen = new HashSet<>();
  private TableMetadata first;
  private int count;

  /**
   * @param what is asked for, for messages
   * @param host of the server
   */
  AnswerPages(String what, String host) {
    this.what = what;
    this.host = host;
  }

  /** Takes a page; returns the token of the next one, or null at the end. */
  String take(AnswerReader<?> page) {
    count++;
    if (first == null) {
      first = page.table();
    }
    AnswerChecks.samePage(what, host, first, page.table());
    String next = page.nextPageToken();
    if (next != null && !seen.add(next)) {
      throw SharingErrors.badAnswer(what, host, "a page names itself as the next one", false);
    }
    return next;
  }

  /** The table, as the first page says. */
  TableMetadata table() {
    return first;
  }

  int count() {
    return count;
  }
}
