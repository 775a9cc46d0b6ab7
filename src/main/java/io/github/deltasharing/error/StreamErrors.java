/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.error;

/**
 * Factories of the exceptions of streams, like those of {@link SharingErrors}. Driver only;
 * stateless.
 */
public final class StreamErrors {
  private StreamErrors() {}

  public static SharingException badOffset(String table, String offset, String reason) {
    return stream(
        table,
        "its checkpoint has the offset " + offset + ", which cannot be used: " + reason,
        "Continue with the connector that wrote it, or start the query with a new checkpoint directory.");
  }

  public static SharingException commitChangesRows(String table, long version) {
    return stream(
        table,
        "version "
            + version
            + " changed rows (its commit removed files and added others), which a stream of the table cannot represent",
        "Set the option 'skipChangeCommits' to pass over such commits, or 'ignoreChanges' to read the files they wrote"
            + " anew, rows that did not change included; to follow changes, read the change feed with"
            + " 'readChangeFeed'.");
  }

  public static SharingException commitDeletesRows(String table, long version) {
    return stream(
        table,
        "version " + version + " deleted rows (its commit only removed files)",
        "Set the option 'ignoreDeletes' to pass over such commits ('ignoreChanges' and 'skipChangeCommits' do so too);"
            + " to follow deletions, read the change feed with 'readChangeFeed'.");
  }

  /** Another table under the name that a checkpoint is of. */
  public static SharingException streamTableReplaced(String table, String expected, String found) {
    return stream(
        table,
        "the table was recreated: its id is "
            + found
            + ", and the stream read a table with the id "
            + expected,
        "Nothing of the new table was read. Start the query with a new checkpoint directory (and a new or emptied"
            + " sink) to read it from its beginning.");
  }

  /**
   * A commit after which the table does not fit the stream's schema.
   *
   * @param restart whether a restarted query would read it
   */
  public static SharingException streamSchemaChanged(
      String table, long version, String reason, boolean restart) {
    return stream(
        table,
        "the schema of version " + version + " is not that of the stream: " + reason,
        restart
            ? "Start the query again: it then has the new schema and goes on where it stopped."
            : "The current schema cannot represent that version's rows: start the query with a new checkpoint directory and"
                + " the option 'startingVersion' after the change, or without it for a snapshot.");
  }

  /** Commits that the server refuses to list. */
  public static SharingException streamHistoryGone(
      String table, long from, long to, SharingException refusal) {
    return stream(
        table,
        "the server refuses its versions " + from + " to " + to + " (" + refusal.getMessage() + ")",
        "If the provider's log does not reach back so far any more, rows are lost to this stream: start the query with"
            + " a new checkpoint directory, from a snapshot or a later 'startingVersion'. If the history is not shared,"
            + " ask the provider to share it; if it is the change feed that is missing, to record changes.",
        refusal);
  }

  /** A snapshot that a stream began to read and that the server does not list any more. */
  public static SharingException streamSnapshotGone(
      String table, long version, long latest, SharingException refusal) {
    return stream(
        table,
        "the stream has read a part of its initial snapshot, version "
            + version
            + ", and the server has version "
            + latest
            + " and does not list the earlier one any more",
        "Start the query with a new checkpoint directory (and a new or emptied sink), and ask the provider to share the"
            + " table's history.",
        refusal);
  }

  /** Rows of a snapshot whose commit time is not known to a stream of changes. */
  public static SharingException snapshotWithoutTime(String table, long version) {
    return stream(
        table,
        "the server does not send the commit time of version "
            + version
            + ", with which the stream begins",
        "Set the option 'startingVersion' to begin with changes, and tell the provider.");
  }

  public static SharingException streamOffsetUnusable(String table, String reason) {
    return stream(
        table,
        "its checkpoint cannot be used: " + reason,
        "Continue with the connector that wrote it, or start the query with a new checkpoint directory.");
  }

  public static IllegalArgumentException startAfterLatest(String table, long start, long latest) {
    return SharingErrors.badOption(
        "startingVersion",
        "" + start,
        "the latest version of "
            + table
            + " is "
            + latest
            + ". Give a version up to that one, or 'latest' for what comes after it");
  }

  /** A starting time without a version. */
  public static SharingException noVersionAt(
      String table, String timestamp, SharingException refusal) {
    return stream(
        table,
        "no version was found for the option 'startingTimestamp', "
            + timestamp
            + " ("
            + refusal.getMessage()
            + ")",
        "Give a time that is not after the latest commit, or 'startingVersion' = 'latest'; with"
            + " 'failOnStartAfterLatest' = false the stream waits for a commit at that time.",
        refusal);
  }

  public static IllegalArgumentException notForStreams(String option) {
    return new IllegalArgumentException(
        "Option '"
            + option
            + "' is not for streams, which have no end. Remove it; to read up to now and stop, use"
            + " Trigger.AvailableNow.");
  }

  public static UnsupportedOperationException streamTimeTravel(String table, String option) {
    return new UnsupportedOperationException(
        "Cannot time travel streams: reading "
            + table
            + " as a stream with the option '"
            + option
            + "'. Remove it, or use 'startingVersion' or 'startingTimestamp' to say where the stream begins.");
  }

  private static SharingException stream(String table, String reason, String advice) {
    return stream(table, reason, advice, null);
  }

  private static SharingException stream(
      String table, String reason, String advice, Throwable cause) {
    return new SharingException(
        "The stream of " + table + " cannot go on: " + reason + ". " + advice, cause);
  }

  /** A stream of the list of a table's files. */
  public static UnsupportedOperationException noStreamOfFiles(String files) {
    return new UnsupportedOperationException(
        "Streaming "
            + files
            + " failed: the list of a table's files is for batch reads. Stream the table itself, or its changes"
            + " (<table>.changes).");
  }
}
