/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.error;

/**
 * Factories of the exceptions of catalogs, like those of {@link SharingErrors}. Driver only;
 * stateless.
 */
public final class CatalogErrors {
  private CatalogErrors() {}

  public static IllegalArgumentException noProfile(String catalog, String key) {
    return new IllegalArgumentException(
        "Catalog "
            + catalog
            + " cannot be used: '"
            + key
            + "' is missing. Set it to the profile file that the provider sent.");
  }

  public static IllegalArgumentException bothCredentials(
      String catalog, String profileKey, String inlineKey) {
    return new IllegalArgumentException(
        "Catalog "
            + catalog
            + " cannot be used: '"
            + profileKey
            + "' and '"
            + inlineKey
            + "' exclude each other. Give one of them.");
  }

  /**
   * Net changes of rows, which need an identity of rows. Spark takes an unsupported operation for a
   * catalog without changes.
   */
  public static IllegalArgumentException netChanges(String table) {
    return new IllegalArgumentException(
        "Reading the changes of "
            + table
            + " failed: net changes (deduplicationMode = netChanges) need an identity of rows, which shared tables do not"
            + " have. Use 'none' or 'dropCarryovers', and aggregate by a key of yours.");
  }

  /** The table of changes, or of files, of a table. */
  public static IllegalArgumentException noChangesOf(String table) {
    return new IllegalArgumentException(
        "Reading the changes of "
            + table
            + " failed: it is made of a shared table, and keeps no changes of its own. Use CHANGES with the shared table"
            + " itself.");
  }

  public static IllegalArgumentException badChangesVersion(String version) {
    return new IllegalArgumentException(
        "The version '"
            + version
            + "' of CHANGES FROM VERSION is not a number. Give versions as numbers from 0 on, such as CHANGES FROM VERSION 1"
            + " TO VERSION 5.");
  }

  /** An option of one read that is given to all reads of a catalog. */
  public static IllegalArgumentException optionOfOneRead(String catalog, String key) {
    return new IllegalArgumentException(
        "Catalog "
            + catalog
            + " cannot be used: '"
            + key
            + "' is refused: versions, their times and changes are each read's own. Remove it, and use VERSION AS OF,"
            + " TIMESTAMP AS OF or the table <table>.changes in the query.");
  }

  /** An option that a catalog does not have. */
  public static IllegalArgumentException notOfCatalogs(String catalog, String key, String instead) {
    return new IllegalArgumentException(
        "Catalog "
            + catalog
            + " cannot be used: '"
            + key
            + "' is no option of catalogs. "
            + instead);
  }

  public static IllegalArgumentException badVersion(String table, String version) {
    return new IllegalArgumentException(
        "Reading "
            + table
            + " failed: VERSION AS OF '"
            + version
            + "' names no version. Give its number, 0 or greater; for a time use TIMESTAMP AS OF.");
  }

  /** A version of a table's changes. */
  public static IllegalArgumentException changesAsOf(String changes) {
    return new IllegalArgumentException(
        "Reading "
            + changes
            + " failed: changes have a range, not a version. Instead of VERSION AS OF or TIMESTAMP AS OF, use WHERE"
            + " _commit_version BETWEEN … AND …, or the columns of the table itself AS OF a version.");
  }

  /** A function's argument that names no table. */
  public static IllegalArgumentException noTable(String table, String catalog, Throwable cause) {
    return new IllegalArgumentException(
        "Reading changes of "
            + table
            + " failed: the catalog has no such table. Use "
            + catalog
            + ".<share>.<schema>.<table>, or "
            + catalog
            + ".<schema>.<table> where the catalog mounts one share; SHOW TABLES lists them.",
        cause);
  }

  /** A call of a function for changes. */
  public static IllegalArgumentException tableChanges(String function, String why, String table) {
    return new IllegalArgumentException(
        function
            + " cannot be called like this: "
            + why
            + ". Use "
            + function
            + "('"
            + table
            + "', start) or "
            + function
            + "('"
            + table
            + "', start, end), with constants: numbers are versions, strings, dates and timestamps are times; both are"
            + " included.");
  }

  /** A function for changes, of a table that no catalog of shares has. */
  public static IllegalArgumentException changesOfOther(
      String function, String table, String catalog) {
    return new IllegalArgumentException(
        function
            + " of "
            + table
            + " failed: catalog "
            + catalog
            + " is no catalog of shares (io.github.deltasharing.catalog.SharingCatalog). Name one with"
            + " '<catalog>.<share>.<schema>.<table>'; for a table of Delta Lake, name Delta Lake's extension last in"
            + " spark.sql.extensions, and use shared_"
            + function.replace("shared_", "")
            + " for tables of shares.");
  }

  /** Whatever would change what is shared. */
  public static UnsupportedOperationException readOnly(String what, String catalog) {
    return new UnsupportedOperationException(
        what
            + " failed: catalog "
            + catalog
            + " is of shares, which are read-only. Use a catalog of your own, such as spark_catalog, for tables,"
            + " namespaces and views that you make.");
  }
}
