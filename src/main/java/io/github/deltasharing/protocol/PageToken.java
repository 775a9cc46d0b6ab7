/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.protocol;

/**
 * What this project's server writes into its page and refresh tokens: where a response goes on. To
 * clients a token is opaque: they send it back; the server signs it. All of these are immutable.
 */
public sealed interface PageToken {
  /** A token of one table. */
  sealed interface OfTable extends PageToken {
    /** The table's key. */
    String table();

    /** What has to be the same in all requests of one query; empty where nothing has to. */
    String query();
  }

  /**
   * The next page of a query for a snapshot's files.
   *
   * @param version the snapshot's
   * @param state of the version's description, which has to be the same on all pages
   * @param after the path of the last file on the pages so far
   * @param rows the rows of all files on the pages so far
   */
  record OfQuery(String table, String query, long version, String state, String after, long rows)
      implements OfTable {}

  /**
   * The same files again, with new URLs.
   *
   * @param version the snapshot's
   */
  record OfRefresh(String table, long version) implements OfTable {
    @Override
    public String query() {
      return "";
    }
  }

  /**
   * The next page of a query for changes.
   *
   * @param start the first version
   * @param end the last version
   * @param head the version whose metadata comes first on each page
   * @param state of that version's description, which has to be the same on all pages
   * @param version the commit that the page begins in
   * @param position of the action in that commit
   */
  record OfChanges(
      String table,
      String query,
      long start,
      long end,
      long head,
      String state,
      long version,
      int position)
      implements OfTable {}

  /**
   * The next page of a listing.
   *
   * @param scope what is listed
   * @param start how many items were on the pages so far
   * @param last the name of the last of them; empty if it is not known
   */
  record OfListing(String scope, int start, String last) implements PageToken {}
}
