package io.github.deltasharing.error;

import java.time.Duration;
import java.util.Collection;
import java.util.TreeSet;

/**
 * The messages about options, answers and tables, one factory each: what failed, for which table,
 * why, what to do. None takes a token or a URL's query. Those of profiles, files, changes and
 * streams stand beside.
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
              + "Its certificate is not trusted by this JVM, or is for another host: check the host in the profile's 'endpoint',"
              + " or import the issuer's certificate into the trust store.",
          cause);
    }
    return new TransientSharingException(
        message
            + "Check the profile's 'endpoint', the network, and the options 'proxyHost' and 'timeout'.",
        cause);
  }

  /** TLS that cannot come about, however often it is tried. */
  public static SharingException noTls(String what, String host, String reason, Throwable cause) {
    return new SharingException(
        capital(what)
            + " failed: the sharing server "
            + host
            + " cannot be reached: "
            + reason
            + ". Check that the profile's 'endpoint' has the right scheme and port, and that this JVM's TLS versions are"
            + " the server's.",
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

  private static String capital(String text) {
    return Character.toUpperCase(text.charAt(0)) + text.substring(1);
  }
}
