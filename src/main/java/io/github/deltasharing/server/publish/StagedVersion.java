/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.publish;

import io.github.deltasharing.server.publish.delta.DataFile;
import io.github.deltasharing.server.publish.delta.DeltaSchema;
import io.github.deltasharing.server.publish.delta.DeltaTables;
import io.github.deltasharing.server.publish.delta.TablePlace;
import io.github.deltasharing.server.storage.UnclearWriteException;
import io.github.deltasharing.server.store.StoredPublication;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files on the disk that are to become a version of a table. {@link #place} brings them to where
 * the table is; {@link #commit} makes the version of them, as the last step of what publishing does
 * in the database, so that a database that fails leaves the table as it was. Used by one thread,
 * which closes it.
 */
final class StagedVersion implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StagedVersion.class);

  /** Makes a version of files, and says which. */
  @FunctionalInterface
  interface Commit {
    long of(StagedVersion staged) throws IOException;
  }

  /** Who knows what of the version. */
  private enum State {
    STAGED,
    PLACED,
    UNCLEAR,
    COMMITTED,
    PUBLISHED
  }

  private final TableRoot root;
  private final Intent intent;
  private final Path staging;
  private final SourceTable source;
  private final DeltaSchema schema;
  private final List<DataFile> files;
  private final long setAside;
  private final long next;
  private final Commit commit;
  private State state = State.STAGED;

  /**
   * Creates one.
   *
   * @param root of the table
   * @param intent with the table's location
   * @param staging has the files
   * @param setAside how many lines are not in the files
   * @param next which version this will be, unless another writer makes it first
   */
  StagedVersion(
      TableRoot root,
      Intent intent,
      Path staging,
      SourceTable source,
      DeltaSchema schema,
      List<DataFile> files,
      long setAside,
      long next,
      Commit commit) {
    this.root = root;
    this.intent = intent;
    this.staging = staging;
    this.source = source;
    this.schema = schema;
    this.files = files;
    this.setAside = setAside;
    this.next = next;
    this.commit = commit;
  }

  /** Where the table is. */
  TablePlace table() {
    return root.place(intent.location());
  }

  DeltaSchema schema() {
    return schema;
  }

  List<DataFile> files() {
    return files;
  }

  URI location() {
    return intent.location();
  }

  /** What the next version is made of. */
  StoredPublication.Upload upload() {
    return upload(next);
  }

  StoredPublication.Upload upload(long version) {
    Map<String, String> format = new TreeMap<>(source.format());
    if (DeltaTables.needsDeltaFormat(schema)) {
      format.put("response_format", "delta");
    }
    return new StoredPublication.Upload(
        source.options().fileName(),
        source.upload().bytes(),
        format,
        files.stream().mapToLong(DataFile::rows).sum(),
        setAside,
        version);
  }

  /** Brings the files to the table, which no version of it has yet. */
  void place() throws IOException {
    state = State.PLACED;
    root.begin(intent);
    table().take(staging, names());
  }

  private List<String> names() {
    return files.stream().map(DataFile::name).toList();
  }

  /** Makes the version, whole or not at all. */
  long commit() throws IOException {
    try {
      long version = commit.of(this);
      state = State.COMMITTED;
      return version;
    } catch (UnclearWriteException e) {
      state = State.UNCLEAR;
      throw e;
    }
  }

  boolean isCommitted() {
    return state == State.COMMITTED;
  }

  /** Nobody knows whether the version is made, or will be: its files are left to a sweep. */
  boolean isUnclear() {
    return state == State.UNCLEAR;
  }

  /** The database has it too. */
  void published() {
    state = State.PUBLISHED;
    root.end(intent);
    root.keepAside(intent.id(), StagingArea.asideOf(staging), setAside > 0);
  }

  /** The table that was made is none. */
  void undo() {
    root.purge(intent);
  }

  @Override
  public void close() throws IOException {
    StagingArea.deleteAll(staging);
    Files.deleteIfExists(StagingArea.asideOf(staging));
    if (state == State.PLACED) {
      drop();
    } else if (state == State.COMMITTED && !intent.whole()) {
      root.end(intent);
    }
  }

  /** What failed is said, and not that its files could not be deleted either. */
  private void drop() {
    try {
      if (intent.whole()) {
        undo();
      } else {
        table().drop(names());
        root.end(intent);
      }
    } catch (IOException | RuntimeException e) {
      LOG.warn("Files at {} that no version has are left: {}", location(), e.toString());
    }
  }
}
