/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.error;

/**
 * Factories of the exceptions about reading a table by its directory, like those of {@link
 * SharingErrors}. Driver only; stateless.
 */
public final class DirectoryErrors {
  /** What reads the same table without its directory. */
  private static final String BY_URLS =
      "read the table by URLs with the option 'accessMode' = 'url'";

  private DirectoryErrors() {}

  /** A request that the store refused for good. */
  public static SharingException refused(
      String what, String table, String host, String reason, String permissions) {
    return failed(
        what,
        table,
        host,
        reason,
        "The temporary credential that the sharing server gave has to allow "
            + permissions
            + ": tell the provider, or "
            + BY_URLS
            + ".",
        null);
  }

  /** A request that is not sent: its URL leads where no store is. */
  public static SharingException notRequested(
      String what, String table, String host, String reason) {
    return failed(
        what,
        table,
        host,
        "the request was not sent: " + reason,
        "If the place is right, name it in the option 'storeHosts'; else tell the provider, or "
            + BY_URLS
            + ".",
        null);
  }

  /** A request that failed for good. */
  public static SharingException failed(
      String what, String table, String host, String reason, String advice, Throwable cause) {
    return new SharingException(text(what, table, host, reason) + advice, cause);
  }

  /** A request that the store may serve later. */
  public static TransientSharingException busy(
      String what, String table, String host, String reason, int status, long retryAfterMillis) {
    return new TransientSharingException(
        text(what, table, host, reason) + "Run the query again; if it stays, tell the provider.",
        status,
        "",
        "",
        retryAfterMillis);
  }

  /** A request that failed below HTTP. */
  public static TransientSharingException broken(
      String what, String table, String host, String reason, boolean unconnected, Throwable cause) {
    return new TransientSharingException(
        text(what, table, host, reason)
            + (unconnected
                ? "Check that the driver reaches that host: the network, and the options 'proxyHost' and 'timeout'; or "
                    + BY_URLS
                    + "."
                : "Run the query again; if it stays, tell the provider."),
        unconnected,
        cause);
  }

  private static String text(String what, String table, String host, String reason) {
    return "Reading the directory of "
        + table
        + " failed: "
        + what
        + " on "
        + host
        + ": "
        + reason
        + ". ";
  }

  /** A table that cannot be read by its directory where nothing else is wanted, or possible. */
  public static SharingException notByDirectory(String table, String reason, String advice) {
    return new SharingException(
        "Table " + table + " cannot be read by its directory: " + reason + ". " + advice);
  }

  /** The advice where the table may be readable by URLs. */
  public static String byUrls() {
    return "Tell the provider, or " + BY_URLS + ".";
  }

  /** A credential that ended, and no other one is to be had. */
  public static SharingException credentialEnded(String table) {
    return notByDirectory(
        table,
        "its temporary credential has ended, and the sharing server gives no other one",
        byUrls());
  }

  /**
   * What a table's log says that the request cannot be served with; the status is the server's for
   * it.
   */
  public static SharingServerException refusedByLog(
      String what, String reason, int status, String errorCode, Throwable cause) {
    SharingServerException refusal =
        new SharingServerException(
            SharingErrors.capital(what)
                + " failed: the table's directory does not serve it ("
                + reason
                + ").",
            status,
            errorCode,
            "");
    refusal.initCause(cause);
    return refusal;
  }

  /** A log that was not read for a reason that nobody foresaw. */
  public static SharingException unread(String what, Exception cause) {
    return new SharingException(
        SharingErrors.capital(what)
            + " failed: the log in the table's directory cannot be read ("
            + cause.getMessage()
            + "). Run the query again; if it stays, tell the provider, or "
            + BY_URLS
            + ".",
        cause);
  }

  /** A table one of whose files is where none of its credentials leads. */
  public static SharingException fileElsewhere(String table, String place) {
    return notByDirectory(
        table,
        "its log names a file at "
            + place
            + ", outside of its directory and of the auxiliary locations that the sharing server names",
        byUrls());
  }
}
