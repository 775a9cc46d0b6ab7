/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.source.delta;

import io.delta.kernel.internal.actions.Metadata;
import io.delta.kernel.internal.actions.Protocol;
import io.github.deltasharing.protocol.ChangeFile.Kind;
import io.github.deltasharing.source.ChangeVisitor;
import io.github.deltasharing.source.ChangedFile;
import io.github.deltasharing.source.TableChanges;
import io.github.deltasharing.source.TableFile;
import io.github.deltasharing.source.delta.CommitBatch.FileAction;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The changes that a range of a table's commits made. Reads the commits lazily and holds some lines
 * of one at a time. Used by one thread.
 *
 * @param head the table at the first version
 * @param commits the commits, none if no commit is in the range
 * @param survey what is known of all the commits
 * @param removed what the log does not say about removed files
 */
record DeltaChanges(
    DeltaSnapshot head, CommitReader commits, CommitSurvey survey, RemovedFiles removed)
    implements TableChanges {

  @Override
  public Set<String> readerFeatures() {
    return survey.readerFeatures();
  }

  @Override
  public OptionalLong firstWithoutFeed() {
    return survey.firstWithoutFeed();
  }

  @Override
  public void visit(boolean feed, long fromVersion, int fromPosition, ChangeVisitor visitor)
      throws IOException {
    if (commits.commits().isEmpty()) {
      return;
    }
    Visit visit = new Visit(feed, fromVersion, fromPosition, visitor);
    commits.read(fromVersion, commits.end(), visit::read);
  }

  /** One walk through the commits. */
  private final class Visit {
    private final boolean feed;
    private final ChangeVisitor visitor;
    private long version;
    private int position;
    private int skip;

    Visit(boolean feed, long fromVersion, int fromPosition, ChangeVisitor visitor) {
      this.feed = feed;
      this.visitor = visitor;
      this.version = fromVersion;
      this.skip = fromPosition;
    }

    /** Returns whether to go on. */
    boolean read(CommitBatch batch) throws IOException {
      if (batch.version() != version) {
        version = batch.version();
        position = 0;
        skip = 0;
      }
      for (int row = 0; row < batch.size(); row++, position++) {
        if (position >= skip && !line(batch, row)) {
          return false;
        }
      }
      return true;
    }

    private boolean line(CommitBatch batch, int row) throws IOException {
      Optional<FileAction> action = batch.file(row);
      if (action.isPresent()) {
        return !isWanted(action.get()) || visitor.file(file(action.get()), position);
      }
      if (version > head.version()) {
        Optional<Protocol> protocol = batch.protocol(row);
        if (protocol.isPresent()) {
          visitor.protocol(KernelActions.protocol(protocol.get()), version);
        }
        Optional<Metadata> metadata = batch.metadata(row);
        if (metadata.isPresent()) {
          visitor.metadata(KernelActions.metadata(metadata.get()), version);
        }
      }
      return true;
    }

    private boolean isWanted(FileAction action) {
      boolean changeFiles = feed && survey.hasChangeFiles(version);
      if (action.kind() == Kind.CDC) {
        return changeFiles;
      }
      boolean nothing = feed && survey.changedNothing(version);
      return !changeFiles && !nothing && action.dataChange();
    }

    private ChangedFile file(FileAction action) throws IOException {
      String path = LogPaths.relative(head.deltaTable(), action.path());
      Optional<TableFile> before =
          action.kind() == Kind.REMOVE && !RemovedFiles.isComplete(action)
              ? Optional.of(removed.find(path, version))
              : Optional.empty();
      if (before.isEmpty() && !RemovedFiles.isComplete(action)) {
        throw LogFailures.of(
            head.deltaTable(),
            new LogDefect(
                "the commit of version %d has a file without size or partition values"
                    .formatted(version),
                null));
      }
      long timestamp = survey.timestamp(version);
      TableFile file =
          new TableFile(
              path,
              action
                  .partitionValues()
                  .or(() -> before.map(TableFile::partitionValues))
                  .orElseThrow(),
              action.size().orElseGet(() -> before.map(TableFile::size).orElseThrow()),
              action.time().orElse(timestamp),
              action.dataChange(),
              action.stats(),
              action.deletionVector().map(vector -> new LogVector(head.deltaTable(), vector)));
      return new ChangedFile(action.kind(), file, version, timestamp);
    }
  }
}
