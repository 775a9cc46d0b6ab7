/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.error;

import java.time.Duration;
import java.util.Collection;
import java.util.TreeSet;

/**
 * Factories of the exceptions about options, responses and tables. Each message says what failed,
 * for which table, why, and what to do; none contains a token or a URL's query. Sibling classes
 * have those of profiles, files, changes and streams. Driver and executors; stateless.
 */
public final class SharingErrors {
  /** What to do when a server refuses a version other than the latest. */
  public static final String ASK_FOR_HISTORY =
      "If it is the version or the timestamp: choose another with 'versionAsOf' or 'timestampAsOf', or ask the"
          + " provider to share the table's history.";

  /** The same for a range of versions. */
  public static final String ASK_FOR_CHANGES =
      "If it is the range: choose another with 'startingVersion' or 'startingTimestamp' and 'endingVersion' or"
          + " 'endingTimestamp'. If the table has no change data: ask the provider to share its history and to set"
          + " delta.enableChangeDataFeed on it.";

  private SharingErrors() {}

  // Options and paths.

  public static IllegalArgumentException badOption(String name, String value, String allowed) {
    return new IllegalArgumentException(
        "Option '" + name + "' has the value '" + value + "': " + allowed + ".");
  }

  public static IllegalArgumentException missingOption(String name, String because) {
    return new IllegalArgumentException("Option '" + name + "' is missing: " + because + ".");
  }

  /** A file that an option names. */
  public static IllegalArgumentException unreadableFile(
      String option, String location, Exception cause) {
    String reason = cause.getMessage();
    boolean said = reason == null || reason.isBlank() || location.contains(reason);
    return new IllegalArgumentException(
        "Option '"
            + option
            + "' names the file '"
            + Masking.OF_URLS.line(location)
            + "', which cannot be read: "
            + (said ? cause.getClass().getSimpleName() : Masking.OF_URLS.line(reason))
            + ". It is any Hadoop path, and the driver reads it.",
        cause);
  }

  /** A file that an option names and that is of another kind. */
  public static IllegalArgumentException unusableFile(
      String option, String reason, String advice, Exception cause) {
    return new IllegalArgumentException(
        "The file of the option '" + option + "' cannot be used: " + reason + ". " + advice, cause);
  }

  /** A private key given as the value of an option, where plans and logs would show it. */
  public static IllegalArgumentException keyInOption(String option) {
    return new IllegalArgumentException(
        "Option '"
            + option
            + "' holds a private key, which options are no place for. Put it into a file, and name the file.");
  }

  /** A variable that an option names. */
  public static IllegalArgumentException unsetVariable(String option, String variable) {
    return new IllegalArgumentException(
        "Option '"
            + option
            + "' names the environment variable '"
            + variable
            + "', which is not set on this machine. Set it on the driver, and on executors by"
            + " 'spark.executorEnv."
            + variable
            + "'.");
  }

  public static IllegalArgumentException exclusiveOptions(String one, String other) {
    return new IllegalArgumentException(
        "Options '" + one + "' and '" + other + "' exclude each other. Give one of them.");
  }

  public static IllegalArgumentException sessionWideOption(String conf, String name) {
    return new IllegalArgumentException(
        "The session conf '"
            + conf
            + "' is refused: versions, their times and changes are each read's own. Unset it, and give the option '"
            + name
            + "' to the read that it is meant for.");
  }

  public static IllegalArgumentException badPath(String path, String reason) {
    return new IllegalArgumentException(
        "The path '"
            + path
            + "' names no shared table: "
            + reason
            + ". Use load(\"<profile file>#<share>.<schema>.<table>\").");
  }

  /** A name that differs from a known one by a letter or two; ignored, it would change the read. */
  public static IllegalArgumentException misspelledOption(
      String name, String meant, String relaxing) {
    return new IllegalArgumentException(
        "Option '"
            + name
            + "' is not known to deltaSharing. It is probably '"
            + meant
            + "' that is meant: use that name. To have such options ignored with a warning, set '"
            + relaxing
            + "' to false.");
  }

  // The sharing server.

  /** The first half of the message for an error status; the client adds what to do. */
  public static String serverSaid(
      String what, String host, int status, String errorCode, String said, String requestId) {
    return capital(what)
        + " failed: the sharing server "
        + host
        + " answered HTTP "
        + status
        + (errorCode.isEmpty() ? "" : " " + errorCode)
        + (said.isEmpty() ? "" : " (" + said + ")")
        + (requestId.isEmpty() ? "" : ", request id " + requestId)
        + ".";
  }

  /** A response that violates the protocol; one that broke off may be retried. */
  public static SharingException badResponse(
      String what, String host, String reason, boolean brokenOff) {
    String message =
        capital(what)
            + " failed: the sharing server "
            + host
            + " sent a response that cannot be used: "
            + reason
            + ". ";
    return brokenOff
        ? new TransientSharingException(
            message + "The connection or the server broke off; nothing was read. Try again.", null)
        : new SharingException(
            message
                + "Check that the profile's 'endpoint' is a Delta Sharing server, and tell the provider.");
  }

  /**
   * A response that began well and ends with an error.
   *
   * @param status the HTTP status, had the error come before the response began, or null where the
   *     server does not say
   */
  public static SharingException endedWithError(
      String what, String host, String said, Integer status) {
    String message =
        capital(what)
            + " failed: the sharing server "
            + host
            + " ended its response with an error: "
            + (status == null ? "" : "HTTP " + status + ", ")
            + said
            + ". Try again, or tell the provider.";
    if (status == null) {
      return new SharingException(message);
    }
    return status == 429 || status >= 500
        ? new TransientSharingException(message, status, "", "", -1)
        : new SharingServerException(message, status, "", "");
  }

  /**
   * A peer that is not reached for now.
   *
   * @param peer what it is and where: {@code the sharing server host:port}
   * @param unconnected whether there was no connection at all
   */
  public static TransientSharingException unreachable(
      String what, String peer, String reason, boolean unconnected, Throwable cause) {
    return new TransientSharingException(
        notReached(what, peer, reason)
            + "Check the profile's 'endpoint', the network, and the options 'proxyHost' and 'timeout'.",
        unconnected,
        cause);
  }

  /** A peer that another try does not reach either. */
  public static SharingException unreachableForGood(
      String what, String peer, String reason, String advice, Throwable cause) {
    return new SharingException(notReached(what, peer, reason) + advice, cause);
  }

  private static String notReached(String what, String peer, String reason) {
    return capital(what) + " failed: " + peer + " cannot be reached: " + reason + ". ";
  }

  /** An asynchronous query that takes too long. */
  public static SharingException asyncTimeout(String what, String host, Duration timeout) {
    return new SharingException(
        capital(what)
            + " failed: "
            + host
            + " was still computing the response after "
            + timeout.toSeconds()
            + " s. Allow more time with the option 'asyncQueryTimeout'.");
  }

  public static SharingException interrupted(String what) {
    return new SharingException(capital(what) + " was interrupted.");
  }

  // Tables.

  public static SharingException unsupportedTable(String table, String reason) {
    return new SharingException(
        "Table "
            + table
            + " cannot be read: "
            + reason
            + ". Upgrade the connector, or ask the provider to share it"
            + " without that feature.");
  }

  /** A table whose files have no URLs. */
  public static SharingException noAccessMode(String table, Collection<String> offered) {
    return new SharingException(
        "Table "
            + table
            + " cannot be read: the provider offers it with the access modes "
            + offered
            + ", of which this version reads none. Ask the provider to share it with the access mode 'url' too.");
  }

  public static SharingException unsupportedFeatures(String table, Collection<String> features) {
    return unsupportedTable(
        table,
        "it uses the table features "
            + new TreeSet<>(features)
            + ", which this version does not read");
  }

  /**
   * @param line the first line of Spark with which the connector reads them
   */
  public static SharingException featuresOfNewerSpark(
      String table, Collection<String> features, String line) {
    return new SharingException(
        "Table "
            + table
            + " cannot be read: it uses the table features "
            + new TreeSet<>(features)
            + ", which Spark has since "
            + line
            + ". Read it with Spark "
            + line
            + " or later: this connector is the same there.");
  }

  public static SharingException shreddedVariants(String table, String conf) {
    return new SharingException(
        "Table "
            + table
            + " cannot be read: its files may hold shredded variants, which this session does not put together. Set "
            + conf
            + " to true.");
  }

  public static SharingException unknownCollation(String table, String column, String collation) {
    return new SharingException(
        "Table "
            + table
            + " cannot be read: column "
            + column
            + " has the collation '"
            + Masking.OF_URLS.line(collation)
            + "', which this Spark does not know. Read it with a Spark that does, or ask the provider to share it without.");
  }

  public static SharingException badSchema(String table, String reason) {
    return new SharingException(
        "Table "
            + table
            + " cannot be read: its schema is not one of Delta's ("
            + reason
            + "). Tell the provider.");
  }

  public static SharingException schemaChanged(String table) {
    return new SharingException(
        "Reading "
            + table
            + " failed: its schema or partitioning changed after the DataFrame was defined. Define the DataFrame again"
            + " (call load() once more).");
  }

  /** An option that is given to a read of a table that was loaded without it. */
  public static IllegalArgumentException optionOfLoad(String table, String option) {
    return new IllegalArgumentException(
        "Reading "
            + table
            + " failed: option '"
            + option
            + "' cannot be changed once the table is loaded. Give it to the load itself"
            + " (spark.read.format(\"deltaSharing\").option(…).load(…)); of a catalog, read the changes as"
            + " <table>.changes.");
  }

  /** Options of a read with which a table has other columns than those it was loaded with. */
  public static IllegalArgumentException otherColumns(String table, Collection<String> options) {
    return new IllegalArgumentException(
        "Reading "
            + table
            + " failed: with this read's options ("
            + String.join(", ", new TreeSet<>(options))
            + ") it has other columns than those it was loaded with. Give the options to the load itself"
            + " (spark.read.format(\"deltaSharing\").option(…).load(…)); of a catalog, name the version in SQL"
            + " (SELECT … FROM <table> VERSION AS OF …).");
  }

  /** A write to a shared table. */
  public static UnsupportedOperationException readOnly(String table) {
    return new UnsupportedOperationException(
        "Writing to "
            + table
            + " failed: shares are read-only. Write to a table of your own in another format, such as 'delta' or"
            + " 'parquet'; to give a shared table a name in SQL, use CREATE TABLE or CREATE TEMPORARY VIEW ... USING"
            + " deltaSharing.");
  }

  /** A Spark release that lacks what the connector links with. */
  public static UnsupportedOperationException unsupportedSpark(String version) {
    return new UnsupportedOperationException(
        "Cannot use deltaSharing on Spark "
            + version
            + ": the connector needs Spark 3.5.0 or later. Run the query on Spark 3.5 or 4, or use the upstream connector"
            + " (io.delta:delta-sharing-spark) in a release for this Spark.");
  }

  /** A Spark whose inner parts are not those that a table of the session catalog needs. */
  public static UnsupportedOperationException sessionTableUnsupported(Throwable cause) {
    return new UnsupportedOperationException(
        "Tables of CREATE TABLE ... USING deltaSharing cannot be read on this Spark ("
            + cause
            + "). Use CREATE TEMPORARY VIEW ... USING deltaSharing OPTIONS (path"
            + " '<profile file>#<share>.<schema>.<table>'), or a catalog"
            + " (spark.sql.catalog.<name>=io.github.deltasharing.catalog.SharingCatalog).",
        cause);
  }

  /** A plan that is run again after the table was replaced. */
  public static SharingException replacedSincePlanned(String table) {
    return new SharingException(
        "Reading "
            + table
            + " failed: another table took its place after this DataFrame was first run, and Spark runs the plan of"
            + " then again. Define the DataFrame again (call load() once more).");
  }

  /** A response with another version than the requested one. */
  public static SharingException otherVersion(String what, long requested, long received) {
    return new SharingException(
        capital(what)
            + " failed: the sharing server responded with version "
            + received
            + ", not with version "
            + requested
            + ". Its time travel cannot be relied on: read without the options 'versionAsOf' and 'timestampAsOf', and"
            + " tell the provider.");
  }

  /** Two reads of one query that cannot use the same version. */
  public static SharingException movedOn(String table, long first, long now) {
    return new SharingException(
        "Reading "
            + table
            + " failed: the table went from version "
            + first
            + " to "
            + now
            + " while the query, which reads it more than once, was planned. Run the query again.");
  }

  public static SharingException tableReplaced(String table) {
    return new SharingException(
        "Reading "
            + table
            + " failed: another table took its place after the DataFrame was defined, with other versions. Define the"
            + " DataFrame again (call load() once more).");
  }

  static String capital(String text) {
    return Character.toUpperCase(text.charAt(0)) + text.substring(1);
  }
}
