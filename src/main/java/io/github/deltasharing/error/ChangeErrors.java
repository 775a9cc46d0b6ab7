/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.error;

import java.util.Collection;

/**
 * Factories of the exceptions of change reads, like those of {@link SharingErrors}. Driver only;
 * stateless.
 */
public final class ChangeErrors {
  private ChangeErrors() {}

  public static IllegalArgumentException latestInBatch() {
    return new IllegalArgumentException(
        "Option 'startingVersion' has the value 'latest', which is for streams (readStream): a batch read of changes"
            + " starts at a version that exists. Give its number, or use 'startingTimestamp'.");
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

  /** A read without a start, of a table whose server does not say where its history begins. */
  public static SharingException unknownStart(String table, SharingException cause) {
    return new SharingException(
        "Reading the changes of "
            + table
            + " failed: no start is given, and the server does not say at which version the shared history begins: "
            + cause.getMessage()
            + " Give the first version: WHERE _commit_version >= …, or the option 'startingVersion'.",
        cause);
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

  /**
   * A range across a change of the schema.
   *
   * @param read the version by whose schema it is read
   * @param next the first version after {@code version} with another schema; −1 where it is not
   *     known
   */
  public static SharingException incompatibleSchema(
      String table, long version, long read, long next, String reason) {
    return new SharingException(
        "Reading the changes of "
            + table
            + " failed: the schema of version "
            + version
            + " does not fit the one that changes are read by"
            + (read < 0 ? "" : ", that of version " + read)
            + ": "
            + reason
            + ". Changes can be read across added columns only: choose ranges on either side of the change with"
            + " 'startingVersion' and 'endingVersion'"
            + (next < 0
                ? "."
                : ", such as one up to version " + (next - 1) + " and one from " + next + " on."));
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
            + ", which are the names of the columns that describe changes. Ask the provider to rename them; without the"
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
            + ". Its rows would be read twice; tell the provider.");
  }

  public static SharingException unknownFileSize(String table, String fileId, long version) {
    return new SharingException(
        "Reading the changes of "
            + table
            + " failed: the sharing server does not say how long file "
            + fileId
            + " of version "
            + version
            + " is (the table's writer did not record it). Start after that version (option 'startingVersion'), or tell"
            + " the provider.");
  }
}
