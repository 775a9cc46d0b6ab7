/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.error;

/** What is said of shares and tables that are not there, besides the server's own words. */
public final class MissingTableErrors {
  private MissingTableErrors() {}

  /**
   * The server's refusal with one more sentence.
   *
   * @param suggestion null for none
   */
  public static SharingServerException withSuggestion(
      SharingServerException refusal, String suggestion) {
    return suggestion == null
        ? refusal
        : new SharingServerException(
            refusal.getMessage() + " " + suggestion,
            refusal.status(),
            refusal.errorCode(),
            refusal.requestId());
  }

  /**
   * A share that has no such table.
   *
   * @param nearest the table that is spelled most like it, empty for none
   */
  public static String noTable(String share, String nearest) {
    return (nearest.isEmpty()
            ? "Share '" + share + "' has no tables."
            : "Share '" + share + "' has no such table; did you mean " + nearest + "?")
        + listing("listAllTables(\"" + share + "\")");
  }

  /**
   * A share that is not there.
   *
   * @param nearest the share that is spelled most like it, empty for none
   */
  public static String noShare(String share, String schema, String table, String nearest) {
    return "The path names table '"
        + table
        + "' in schema '"
        + schema
        + "' of share '"
        + share
        + "', and there is no such share"
        + (nearest.isEmpty() ? "." : "; did you mean '" + nearest + "'?")
        + listing("listShares()");
  }

  private static String listing(String java) {
    return " To list what is shared: SHOW NAMESPACES and SHOW TABLES in a catalog (docs/catalog.md), in SQL and by spark.sql in"
        + " Python; SharingClient."
        + java
        + " in Java.";
  }
}
