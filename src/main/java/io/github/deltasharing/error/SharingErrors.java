package io.github.deltasharing.error;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.TreeSet;

/**
 * Every message a user may see, one factory each: what failed, for which table, why, what to do.
 * None takes a token or a URL's query.
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

  public static IllegalArgumentException refusedOption(String name, String feature) {
    return new IllegalArgumentException(
        "Option '"
            + name
            + "' asks for "
            + feature
            + ", which this version of deltaSharing does not offer. Remove the option; without it the latest snapshot is"
            + " read with a profile file.");
  }

  public static IllegalArgumentException badPath(String path, String reason) {
    return new IllegalArgumentException(
        "The path '"
            + path
            + "' names no shared table: "
            + reason
            + ". Use load(\"<profile file>#<share>.<schema>.<table>\").");
  }

  // Profiles.

  public static IllegalArgumentException badProfile(String origin, String reason) {
    return new IllegalArgumentException(
        "The profile "
            + origin
            + " cannot be used: "
            + reason
            + ". Compare it with the file that the provider sent.");
  }

  public static IllegalArgumentException profileVersion(String origin, String version, int newest) {
    return new IllegalArgumentException(
        "The profile "
            + origin
            + " has shareCredentialsVersion "
            + version
            + ", but this connector knows versions 1 to "
            + newest
            + ". Upgrade the connector.");
  }

  public static IllegalArgumentException profileType(String origin, String type) {
    return new IllegalArgumentException(
        "The profile "
            + origin
            + " is of type '"
            + type
            + "', which this version of deltaSharing does not sign in with (it knows 'bearer_token'). Ask the provider"
            + " for a bearer token profile.");
  }

  public static IllegalArgumentException profileNotFound(String origin, Throwable cause) {
    return new IllegalArgumentException(
        "The profile "
            + origin
            + " does not exist. Check the part of the path before the '#'; a path without a scheme is looked up in the"
            + " cluster's default file system.",
        cause);
  }

  public static IllegalArgumentException profileUnreadable(String origin, Throwable cause) {
    return new IllegalArgumentException(
        "The profile "
            + origin
            + " cannot be read: "
            + cause.getMessage()
            + ". Check its path and permissions.",
        cause);
  }

  public static IllegalArgumentException profileVariableUnset(String variable) {
    return new IllegalArgumentException(
        "The profile env:"
            + variable
            + " cannot be read: the environment variable "
            + variable
            + " is not set on the driver. Put the profile's JSON into it.");
  }

  public static SharingException profileExpired(String origin, Instant at) {
    return new SharingException(
        "The profile "
            + origin
            + " expired at "
            + at
            + ". Ask the provider for a new one and put it in its place.");
  }

  // The sharing server.

  /** The first half of an error status' message; what to do is the client's to add. */
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

  /** An answer that is not what the protocol says; one that broke off may be asked for again. */
  public static SharingException badAnswer(
      String what, String host, String reason, boolean brokenOff) {
    String message =
        capital(what)
            + " failed: the sharing server "
            + host
            + " gave an answer that cannot be used: "
            + reason
            + ". ";
    return brokenOff
        ? new TransientSharingException(
            message + "The connection or the server broke off; nothing was read. Try again.", null)
        : new SharingException(
            message
                + "Check that the profile's 'endpoint' is a Delta Sharing server, and tell the provider.");
  }

  public static SharingException endedWithError(String what, String host, String said) {
    return new SharingException(
        capital(what)
            + " failed: the sharing server "
            + host
            + " ended its answer with an error: "
            + said
            + ". Try again, or tell the provider.");
  }

  public static SharingException unreachable(
      String what, String host, String reason, boolean certificate, Throwable cause) {
    String message =
        capital(what)
            + " failed: the sharing server "
            + host
            + " cannot be reached: "
            + reason
            + ". ";
    if (certificate) {
      return new SharingException(
          message
              + "Its certificate is not trusted by this JVM: import the issuer's certificate into the trust store.",
          cause);
    }
    return new TransientSharingException(
        message
            + "Check the profile's 'endpoint', the network, and the options 'proxyHost' and 'timeout'.",
        cause);
  }

  /** An asynchronous query that does not end. */
  public static SharingException asyncTimeout(String what, String host, Duration timeout) {
    return new SharingException(
        capital(what)
            + " failed: "
            + host
            + " was still computing the answer after "
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

  public static SharingException unsupportedFeatures(String table, Collection<String> features) {
    return unsupportedTable(
        table,
        "it uses the table features "
            + new TreeSet<>(features)
            + ", which this version does not read");
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

  /** An answer of a version that was not asked for. */
  public static SharingException otherVersion(String what, long asked, long answered) {
    return new SharingException(
        capital(what)
            + " failed: the sharing server answered with version "
            + answered
            + ", not with version "
            + asked
            + ". Its time travel cannot be relied on: read without the options 'versionAsOf' and 'timestampAsOf', and"
            + " tell the provider.");
  }

  /** Two reads of one query that cannot be made to see the same version. */
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

  public static SharingException unsupportedDeletionVector(
      String table, String fileId, String storageType) {
    return new SharingException(
        "Table "
            + table
            + " cannot be read: the deletion vector of file "
            + fileId
            + " (storage type '"
            + storageType
            + "') came without a signed URL. Without it deleted rows would come back; tell the provider.");
  }

  public static SharingException badDeletionVector(
      String table, String fileId, String host, String reason, Throwable cause) {
    return file(
        table,
        fileId,
        host,
        "its deletion vector cannot be used: " + reason,
        "Nothing of the file was read, for deleted rows would come back. Tell the provider.",
        cause);
  }

  // Changes.

  public static IllegalArgumentException latestInBatch() {
    return new IllegalArgumentException(
        "Option 'startingVersion' has the value 'latest', which is for streams (readStream): a batch read of changes"
            + " starts at a version that is there. Give its number, or use 'startingTimestamp'.");
  }

  public static IllegalArgumentException startAfterEnd(String start, String end) {
    return new IllegalArgumentException(
        "The range of changes starts at "
            + start
            + " and ends at "
            + end
            + ", before it starts. Swap or change the options 'startingVersion' or 'startingTimestamp' and"
            + " 'endingVersion' or 'endingTimestamp'; both ends belong to the range.");
  }

  public static IllegalArgumentException boundWithoutFeed(String option) {
    return new IllegalArgumentException(
        "Option '"
            + option
            + "' bounds a read of changes, but the option 'readChangeFeed' is not true: without it a batch reads all rows"
            + " of the table. Set 'readChangeFeed', or remove the option; for one version of the table use"
            + " 'versionAsOf'.");
  }

  public static IllegalArgumentException startAfterLatest(String table, long start, long latest) {
    return new IllegalArgumentException(
        "Reading the changes of "
            + table
            + " failed: option 'startingVersion' is "
            + start
            + ", but the table's latest version is "
            + latest
            + ". Start at that one or an earlier one, or define the DataFrame again when there are new versions.");
  }

  public static SharingException replacedInRange(String table, long version) {
    return new SharingException(
        "Reading the changes of "
            + table
            + " failed: version "
            + version
            + " belongs to another table than the latest one did when the DataFrame was defined; it was created anew"
            + " under the same name. Choose a range of one of them with 'startingVersion' and 'endingVersion', or define"
            + " the DataFrame again (call load() once more).");
  }

  public static SharingException incompatibleSchema(String table, long version, String reason) {
    return new SharingException(
        "Reading the changes of "
            + table
            + " failed: the schema of version "
            + version
            + " does not fit the one that changes are read by: "
            + reason
            + ". Changes can be read across added columns only: choose ranges on either side of the change with"
            + " 'startingVersion' and 'endingVersion'.");
  }

  public static SharingException changedSince(String table, long version, String reason) {
    return new SharingException(
        "Reading the changes of "
            + table
            + " failed: version "
            + version
            + " changed the schema that the DataFrame was defined with: "
            + reason
            + ". End the range before it with 'endingVersion', or define the DataFrame again (call load() once more).");
  }

  public static SharingException changeColumnsTaken(String table, Collection<String> columns) {
    return new SharingException(
        "Reading the changes of "
            + table
            + " failed: it has columns named "
            + columns
            + ", which are the names of the columns that tell of changes. Ask the provider to rename them; without the"
            + " option 'readChangeFeed' the table itself can be read.");
  }

  public static SharingException listedTwice(String table, String fileId, long version) {
    return new SharingException(
        "Reading the changes of "
            + table
            + " failed: the sharing server lists file "
            + fileId
            + " twice in version "
            + version
            + ". Its rows would come twice; tell the provider.");
  }

  public static SharingException unknownFileSize(String table, String fileId, long version) {
    return new SharingException(
        "Reading the changes of "
            + table
            + " failed: the sharing server does not say how long file "
            + fileId
            + " of version "
            + version
            + " is (the table's writer did not note it). Start after that version (option 'startingVersion'), or tell"
            + " the provider.");
  }

  // Signed URLs.

  /** New URLs of a scan's files that cannot be had. */
  public static SharingException urlsNotRenewed(String table, String reason, Throwable cause) {
    return new SharingException(
        "Renewing the signed URLs of " + table + " failed: " + reason + ". Run the query again.",
        cause);
  }

  /** A failure on the driver, as it is told to an executor: by its text. */
  public static SharingException toldByDriver(String message) {
    return new SharingException(message);
  }

  // Data files.

  public static String fileFailed(String table, String fileId, String host, String reason) {
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

  public static SharingException badFileSize(String table, String fileId, long size) {
    return new SharingException(
        "Reading "
            + table
            + " failed: file "
            + fileId
            + " has "
            + size
            + " bytes, says the sharing server, and no data file has. Nothing was read; tell the provider.");
  }

  /** A data file that failed for good. */
  public static SharingException file(
      String table, String fileId, String host, String reason, String advice, Throwable cause) {
    return new SharingException(fileFailed(table, fileId, host, reason) + advice, cause);
  }

  /** A data file that may be had at the next try. */
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
        cause);
  }

  /** A data file whose retries took longer than the budget, taken together. */
  public static SharingException fileGivenUp(TransientSharingException last) {
    return new SharingException(
        last.getMessage() + " Retries of this file took longer than the option 'maxRetryDuration'.",
        last);
  }

  private static String capital(String text) {
    return Character.toUpperCase(text.charAt(0)) + text.substring(1);
  }
}
