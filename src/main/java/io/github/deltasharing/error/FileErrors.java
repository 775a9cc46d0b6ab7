/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.error;

/**
 * Factories of the exceptions about data files and their signed URLs, like those of {@link
 * SharingErrors}. Driver and executors; stateless.
 */
public final class FileErrors {
  private FileErrors() {}

  /** A refresh of the URLs of a scan's files that failed. */
  public static SharingException urlsNotRefreshed(String table, String reason, Throwable cause) {
    return new SharingException(
        "Refreshing the signed URLs of " + table + " failed: " + reason + ". Run the query again.",
        cause);
  }

  /** A refresh that found several files of one id. */
  public static SharingException urlOfSeveral(String table, String fileId) {
    return new SharingException(
        "Refreshing the signed URLs of "
            + table
            + " failed: the sharing server gives several files the id '"
            + fileId
            + "', so that another file's bytes could be read. Run the query again, so that it ends before its URLs"
            + " expire, and tell the provider.");
  }

  /** A failure on the driver, of which an executor gets the text only. */
  public static SharingException fromDriver(String message) {
    return new SharingException(message);
  }

  private static String fileFailed(String table, String fileId, String host, String reason) {
    return "Reading " + table + " failed: file " + fileId + " on " + host + ": " + reason + ". ";
  }

  public static SharingException wrongColumnType(
      String table, String fileId, String host, String column, String stored, String promised) {
    return file(
        table,
        fileId,
        host,
        "its column " + column + " is " + stored + " where the table's schema says " + promised,
        "Tell the provider.",
        null);
  }

  public static SharingException missingColumn(
      String table, String fileId, String host, String column) {
    return file(
        table,
        fileId,
        host,
        "it has no column " + column + ", which the table's schema says is never null",
        "Tell the provider.",
        null);
  }

  /** A file of a table whose columns are found by ids alone. */
  public static SharingException withoutIds(String table, String fileId, String host) {
    return file(
        table,
        fileId,
        host,
        "it has no field ids, by which the table's columns are found (column mapping mode id)",
        "Ask the provider to have the table's files rewritten.",
        null);
  }

  public static SharingException nullInColumn(
      String table, String fileId, String host, String column) {
    return file(
        table,
        fileId,
        host,
        "its column " + column + " has nulls, and the table's schema says that it is never null",
        "Tell the provider.",
        null);
  }

  /** A struct of a file in which nothing shows where it is null. */
  public static SharingException unknownPresence(
      String table, String fileId, String host, String column) {
    return file(
        table,
        fileId,
        host,
        "its column "
            + column
            + " has none of the selected fields, and no other field that shows where it is null",
        "Select other fields of it, or tell the provider.",
        null);
  }

  public static SharingException badFileSize(String table, String fileId, long size) {
    return new SharingException(
        "Reading "
            + table
            + " failed: the sharing server says that file "
            + fileId
            + " has "
            + size
            + " bytes, which no data file can have. Nothing was read; tell the provider.");
  }

  /** A data file that failed for good. */
  public static SharingException file(
      String table, String fileId, String host, String reason, String advice, Throwable cause) {
    return new SharingException(fileFailed(table, fileId, host, reason) + advice, cause);
  }

  /** A data file whose decoding takes more memory than there is. */
  public static SharingException exhausted(
      String table, String fileId, String host, String reason) {
    return file(
        table,
        fileId,
        host,
        "decoding it takes more memory than this executor has (" + reason + ")",
        "Give executors more memory ('spark.executor.memory'); if the file is small, tell the provider.",
        null);
  }

  /** A data file that may be readable at the next try. */
  public static TransientSharingException fileAgain(
      String table, String fileId, String host, String reason, int status, long retryAfterMillis) {
    return new TransientSharingException(
        fileFailed(table, fileId, host, reason)
            + "Run the query again; if it stays, tell the provider.",
        status,
        "",
        "",
        retryAfterMillis);
  }

  /**
   * A data file whose transfer failed below HTTP.
   *
   * @param unconnected whether there was no connection at all
   */
  public static TransientSharingException fileBroken(
      String table,
      String fileId,
      String host,
      String reason,
      boolean unconnected,
      Throwable cause) {
    return new TransientSharingException(
        fileFailed(table, fileId, host, reason)
            + (unconnected
                ? "Check that the executors reach that host: the network, and the options 'proxyHost' and 'timeout'."
                : "Run the query again; if it stays, tell the provider."),
        unconnected,
        cause);
  }

  /** A data file whose retries took longer than the budget, taken together. */
  public static SharingException fileGivenUp(TransientSharingException last) {
    return new SharingException(
        last.getMessage() + " Retries of this file took longer than the option 'maxRetryDuration'.",
        last);
  }

  public static SharingException badPartitionValue(
      String table, String fileId, String column, String type, String value) {
    return new SharingException(
        "Reading "
            + table
            + " failed: file "
            + fileId
            + " has the partition value '"
            + value
            + "' for column "
            + column
            + ", which is no "
            + type
            + ". Tell the provider.");
  }

  public static SharingException missingPartitionValue(String table, String fileId, String column) {
    return partitionValue(
        table, fileId, "has no partition value for column " + column + ", or more than one");
  }

  public static SharingException nullPartitionValue(String table, String fileId, String column) {
    return partitionValue(
        table,
        fileId,
        "has null for its partition column "
            + column
            + ", and the table's schema says that it is never null");
  }

  private static SharingException partitionValue(String table, String fileId, String reason) {
    return new SharingException(
        "Reading " + table + " failed: file " + fileId + " " + reason + ". Tell the provider.");
  }

  public static SharingException unsupportedDeletionVector(
      String table, String fileId, String storageType) {
    return new SharingException(
        "Table "
            + table
            + " cannot be read: the deletion vector of file "
            + fileId
            + " (storage type '"
            + storageType
            + "') came without a signed URL. Without it deleted rows would reappear; tell the provider.");
  }

  public static SharingException badDeletionVector(
      String table, String fileId, String host, String reason, Throwable cause) {
    return file(
        table,
        fileId,
        host,
        "its deletion vector cannot be used: " + reason,
        "Nothing of the file was read, because deleted rows would reappear. Tell the provider.",
        cause);
  }
}
