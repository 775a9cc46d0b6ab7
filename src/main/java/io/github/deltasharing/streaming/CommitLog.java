/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.streaming;

import io.github.deltasharing.error.StreamErrors;
import io.github.deltasharing.protocol.ChangeFile;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * A table's history as a stream reads it, fetched some versions at a time. Keeps what was fetched
 * and not read yet. Used by the stream's thread; what metrics read is guarded.
 */
final class CommitLog {
  private final StreamFileLister lists;
  private final TableGuard guard;
  private final CommitRules rules;
  private final int versionsPerRequest;
  private final Deque<FileListing> fetched = new ArrayDeque<>();

  CommitLog(StreamFileLister lists, TableGuard guard, CommitRules rules, int versionsPerRequest) {
    this.lists = lists;
    this.guard = guard;
    this.rules = rules;
    this.versionsPerRequest = versionsPerRequest;
  }

  /**
   * The commit, or the snapshot, in which a position is; sends a request if it was not fetched.
   *
   * @param order how its files are to be counted, or null for any way
   * @param last the last version worth asking for
   * @param latest the server's latest version as far as known; −1 if it is not
   * @throws io.github.deltasharing.error.SharingException if the stream may not go on with it
   */
  StreamedVersion at(StreamPosition position, FileOrder order, long last, long latest) {
    long version = position.version();
    FileListing listing = listing(position, order, last, latest);
    guard.check(version, listing.metadata(version), listing.protocol(version));
    List<ChangeFile> files = listing.files(version);
    boolean whole = false;
    if (!position.snapshot()) {
      whole = lists.ofRows();
      files = whole ? rows(files) : rules.admitted(guard.table().toString(), version, files);
    }
    if (position.index() >= files.size()) {
      throw StreamErrors.streamOffsetUnusable(
          guard.table().toString(),
          "it stands behind file "
              + position.index()
              + " of version "
              + version
              + ", which has "
              + files.size()
              + " files to read");
    }
    return new StreamedVersion(version, listing, files, whole);
  }

  /**
   * Requests a commit as a stream of changes will after its snapshot: if changes cannot be had, it
   * fails before the snapshot is read.
   */
  void probe(long version) {
    if (lists.ofRows()) {
      lists.commits(version, version, null);
    }
  }

  /** Whether a version was fetched and did nothing. */
  boolean isEmpty(StreamPosition position) {
    FileListing listing = find(position, null);
    return listing != null && listing.files(position.version()).isEmpty();
  }

  /** A commit's changed rows are in files of their own, or are those of whole files. */
  private static List<ChangeFile> rows(List<ChangeFile> files) {
    List<ChangeFile> changes =
        files.stream().filter(file -> file.kind() == ChangeFile.Kind.CDC).toList();
    return changes.isEmpty() ? files : changes;
  }

  private FileListing listing(StreamPosition position, FileOrder order, long last, long latest) {
    FileListing listing = find(position, order);
    if (listing == null) {
      long version = position.version();
      if (position.snapshot()) {
        listing = lists.snapshot(version, order, latest);
      } else if (order != null) {
        listing = lists.commits(version, version, order);
      } else {
        long end = Math.min(last, version + versionsPerRequest - 1);
        listing = lists.commits(version, Math.max(version, end), null);
      }
      keep(listing);
    }
    return listing;
  }

  private synchronized void keep(FileListing listing) {
    // The one that was requested in a certain order is found first.
    fetched.addFirst(listing);
  }

  /**
   * A listing whose URLs are about to expire is requested again: refreshing them would be a request
   * for each file.
   */
  private synchronized FileListing find(StreamPosition position, FileOrder order) {
    long now = System.currentTimeMillis();
    fetched.removeIf(listing -> listing.refreshAt() <= now);
    for (FileListing listing : fetched) {
      if (listing.has(position) && (order == null || order == listing.order())) {
        return listing;
      }
    }
    return null;
  }

  /** Lets go of what was read. */
  synchronized void forgetBefore(StreamPosition position) {
    fetched.removeIf(
        listing ->
            listing.last() < position.version()
                || (listing.last() == position.version()
                    && listing.snapshot()
                    && !position.snapshot()));
  }

  /** What was fetched and is not read yet. */
  synchronized Backlog backlog(StreamPosition position) {
    long files = 0;
    long bytes = 0;
    long last = -1;
    for (FileListing listing : fetched) {
      last = Math.max(last, listing.last());
      for (long version = listing.first(); version <= listing.last(); version++) {
        boolean here = version == position.version();
        if (here ? listing.snapshot() == position.snapshot() : version > position.version()) {
          List<ChangeFile> waiting =
              listing.files(version).stream()
                  .filter(file -> lists.ofRows() || file.kind() == ChangeFile.Kind.ADD)
                  .skip(here ? position.index() + 1 : 0)
                  .toList();
          files += waiting.size();
          bytes += waiting.stream().mapToLong(file -> file.file().size()).sum();
        }
      }
    }
    return new Backlog(files, bytes, last);
  }

  /**
   * What is known to wait.
   *
   * @param fetchedVersion how far commits were fetched; −1 for not at all
   */
  record Backlog(long files, long bytes, long fetchedVersion) {}
}
