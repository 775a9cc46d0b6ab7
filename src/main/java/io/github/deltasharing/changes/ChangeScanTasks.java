/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.changes;

import io.github.deltasharing.error.ChangeErrors;
import io.github.deltasharing.listing.ChangesRefresh;
import io.github.deltasharing.listing.UrlLifetime;
import io.github.deltasharing.protocol.AddFile;
import io.github.deltasharing.protocol.ChangeFile;
import io.github.deltasharing.protocol.ChangeFile.Kind;
import io.github.deltasharing.read.FileScanTask;
import io.github.deltasharing.read.PartitionColumns;
import io.github.deltasharing.read.RowChange;
import io.github.deltasharing.read.RowSelection;
import io.github.deltasharing.storage.AmbiguousNames;
import io.github.deltasharing.storage.DeletionVectorRef;
import io.github.deltasharing.storage.SharedFile;
import io.github.deltasharing.storage.SignedUrl;
import io.github.deltasharing.table.FileFacts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Turns what commits did with files into the splits that have the changed rows, by the rules of
 * Delta Lake's Change Data Feed:
 *
 * <ul>
 *   <li>In a commit that has files of changed rows, only these count.
 *   <li>The rows of an added file were inserted, those of a removed one deleted, but for rows that
 *       a deletion vector had taken away before.
 *   <li>A file that a commit removes and adds has another deletion vector: rows that the new one
 *       lists and the old one does not were deleted, the other way round they were inserted.
 *   <li>Files without a change of data have no changed rows.
 * </ul>
 *
 * <p>Used by one thread. Splits are whole files; they can be cut. They share what is the same in
 * very many of them.
 */
public final class ChangeScanTasks {
  private static final String INSERT = "insert";
  private static final String DELETE = "delete";

  private final String table;
  private final PartitionColumns partitionColumns;
  private final UrlLifetime life;

  /** Files of one partition share the map; their splits share the array. */
  private final Map<Map<String, String>, String[]> values = new IdentityHashMap<>();

  private final Map<String, String> keyPrefixes = new HashMap<>();

  /** The last one of each type: rows of a commit changed at once. */
  private final Map<String, RowChange> changes = new HashMap<>();

  /** A file as one line of a response lists it. */
  private record Listed(AddFile line, SharedFile file, DeletionVectorRef deletions) {
    Listed notCacheable() {
      return new Listed(line, file.notCacheable(), deletions);
    }
  }

  /**
   * @param table {@code share.schema.table}, for messages
   * @param partitionColumns those that are read
   * @param life of the URLs
   */
  public ChangeScanTasks(String table, PartitionColumns partitionColumns, UrlLifetime life) {
    this.table = table;
    this.partitionColumns = partitionColumns;
    this.life = life;
  }

  /**
   * The splits of changed rows, commit by commit. Their files' URLs are refreshed by {@link
   * ChangesRefresh}.
   *
   * @param changes all files of each commit in it, with versions and timestamps; in any order
   * @throws io.github.deltasharing.error.SharingException if a file cannot be read
   */
  public List<FileScanTask> plan(List<ChangeFile> changes) {
    return plan(changes, facts -> true);
  }

  /**
   * The same without splits of files that cannot have a wanted row.
   *
   * @param wanted called once for each split. Statistics are among the facts where they hold for
   *     all rows of the split
   */
  public List<FileScanTask> plan(List<ChangeFile> changes, Predicate<FileFacts> wanted) {
    List<FileScanTask> splits = new ArrayList<>();
    plan(changes, wanted, (split, facts) -> splits.add(split));
    return splits;
  }

  /** Takes splits. */
  public interface Sink {
    /**
     * @param facts as {@code wanted} got them
     */
    void add(FileScanTask split, FileFacts facts);
  }

  /** The same, split by split. */
  public void plan(List<ChangeFile> changes, Predicate<FileFacts> wanted, Sink splits) {
    Map<Long, Commit> commits = new TreeMap<>();
    for (ChangeFile change : changes) {
      commits.computeIfAbsent(change.file().version(), v -> new Commit(table)).add(change);
    }
    commits.values().forEach(commit -> plan(commit, wanted, splits));
  }

  /**
   * The rows of a snapshot as if one commit had inserted them all. Their files' URLs are refreshed
   * as a snapshot's.
   *
   * @param version of the snapshot
   * @param timestamp of that version, epoch milliseconds
   */
  public List<FileScanTask> inserts(List<AddFile> files, long version, long timestamp) {
    RowChange insert = new RowChange(INSERT, version, timestamp);
    AmbiguousNames names = new AmbiguousNames();
    files.forEach(file -> names.add(file.id()));
    return files.stream()
        .map(file -> listed(file, "", file.size(), version))
        .map(file -> names.test(file.line().id()) ? file.notCacheable() : file)
        .map(listed -> whole(listed, insert))
        .toList();
  }

  private void plan(Commit commit, Predicate<FileFacts> wanted, Sink splits) {
    if (!commit.changed().isEmpty()) {
      for (ChangeFile file : commit.changed()) {
        FileFacts facts = partitionFacts(file);
        if (wanted.test(facts)) {
          splits.add(whole(listed(file), change(null, file)), facts);
        }
      }
      return;
    }
    for (ChangeFile file : commit.alone()) {
      FileFacts facts = FileFacts.of(file.file());
      if (wanted.test(facts)) {
        String type = file.kind() == Kind.ADD ? INSERT : DELETE;
        splits.add(whole(listed(file), change(type, file)), facts);
      }
    }
    for (ChangeFile file : commit.replaced()) {
      FileFacts facts = partitionFacts(file);
      if (wanted.test(facts)) {
        replaced(commit.before(file), file, split -> splits.add(split, facts));
      }
    }
  }

  /** Statistics may leave out rows that deletion vectors took away, and these are among them. */
  private static FileFacts partitionFacts(ChangeFile file) {
    return FileFacts.of(file.file().partitionValues(), null);
  }

  private FileScanTask whole(Listed listed, RowChange change) {
    RowSelection living = RowSelection.living(listed.file(), listed.deletions());
    AddFile line = listed.line();
    String[] values =
        DELETE.equals(change.type())
            ? partitionColumns.textsOfRemoved(table, line.id(), line.partitionValues())
            : values(listed);
    return FileScanTask.ofChange(listed.file(), values, living, change);
  }

  private void replaced(ChangeFile before, ChangeFile after, Consumer<FileScanTask> splits) {
    Listed now = listed(after);
    // Old writers do not note a removed file's size, but it is the same file.
    long size = after.file().size();
    Listed then = listed(before.file(), keyPrefix(before), size, before.file().version());
    if (now.deletions() != null) {
      RowSelection deleted =
          RowSelection.listed(now.file(), now.deletions(), then.file(), then.deletions());
      splits.accept(FileScanTask.ofChange(now.file(), values(now), deleted, change(DELETE, after)));
    }
    if (then.deletions() != null) {
      RowSelection inserted =
          RowSelection.listed(then.file(), then.deletions(), now.file(), now.deletions());
      splits.accept(
          FileScanTask.ofChange(now.file(), values(now), inserted, change(INSERT, after)));
    }
  }

  private RowChange change(String type, ChangeFile change) {
    long version = change.file().version();
    long timestamp = change.file().timestamp();
    RowChange last = changes.get(type);
    if (last == null || last.version() != version || last.timestamp() != timestamp) {
      last = new RowChange(type, version, timestamp);
      changes.put(type, last);
    }
    return last;
  }

  private String keyPrefix(ChangeFile change) {
    return keyPrefixes.computeIfAbsent(ChangesRefresh.keyPrefix(change), prefix -> prefix);
  }

  private Listed listed(ChangeFile change) {
    return listed(change.file(), keyPrefix(change), change.file().size(), change.file().version());
  }

  private Listed listed(AddFile line, String keyPrefix, long size, long version) {
    if (size <= 0) {
      throw ChangeErrors.unknownFileSize(table, line.id(), version);
    }
    SharedFile file =
        new SharedFile(
                table,
                line.id(),
                new SignedUrl(line.packedUrl()),
                size,
                life.refreshAt(line.expirationTimestamp()))
            .withKeyPrefix(keyPrefix);
    return new Listed(line, file, DeletionVectorRef.of(file, line.deletionVector()));
  }

  private String[] values(Listed listed) {
    AddFile line = listed.line();
    return values.computeIfAbsent(
        line.partitionValues(), wire -> partitionColumns.texts(table, line.id(), wire));
  }
}
