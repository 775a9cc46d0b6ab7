/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.publish;

import io.github.deltasharing.server.publish.delta.DataFile;
import io.github.deltasharing.server.publish.delta.DeltaSchema;
import io.github.deltasharing.server.publish.delta.DeltaTables;
import io.github.deltasharing.server.store.StoredPublication;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Files on the disk that are to become a version of a table, which {@link #commit} makes of them:
 * as the last step of what publishing does in the database, so that a database that fails leaves
 * the table as it was. Used by one thread, which closes it.
 */
final class StagedVersion implements AutoCloseable {
  /** Makes a version of files, and says which. */
  @FunctionalInterface
  interface Commit {
    long of(StagedVersion staged) throws IOException;
  }

  private final String id;
  private final TableFiles tables;
  private final Path table;
  private final Path staging;
  private final SourceTable source;
  private final DeltaSchema schema;
  private final List<DataFile> files;
  private final long setAside;
  private final long next;
  private final Commit commit;
  private boolean committed;

  /**
   * Creates one.
   *
   * @param table where the table is or will be
   * @param setAside how many lines are not in the files
   * @param next which version this will be, unless another writer makes it first
   */
  StagedVersion(
      String id,
      TableFiles tables,
      Path table,
      Path staging,
      SourceTable source,
      DeltaSchema schema,
      List<DataFile> files,
      long setAside,
      long next,
      Commit commit) {
    this.id = id;
    this.tables = tables;
    this.table = table;
    this.staging = staging;
    this.source = source;
    this.schema = schema;
    this.files = files;
    this.setAside = setAside;
    this.next = next;
    this.commit = commit;
  }

  Path table() {
    return table;
  }

  Path staging() {
    return staging;
  }

  DeltaSchema schema() {
    return schema;
  }

  List<DataFile> files() {
    return files;
  }

  URI location() {
    // That of a directory, whether it is there or not.
    return URI.create(table.toUri().toString().replaceFirst("/*$", "/"));
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

  /** Makes the version, whole or not at all. */
  long commit() throws IOException {
    long version = commit.of(this);
    committed = true;
    return version;
  }

  boolean isCommitted() {
    return committed;
  }

  /** The database has it too. */
  void published() {
    TableFiles.unmark(table);
    tables.keepAside(id, TableFiles.asideOf(staging), setAside > 0);
  }

  @Override
  public void close() throws IOException {
    TableFiles.delete(staging);
    Files.deleteIfExists(TableFiles.asideOf(staging));
  }
}
