/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.publish;

import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.server.publish.PublicationRequest.Mode;
import io.github.deltasharing.server.publish.csv.CsvColumn;
import io.github.deltasharing.server.publish.delta.Checkpoints;
import io.github.deltasharing.server.publish.delta.DataFile;
import io.github.deltasharing.server.publish.delta.DataFileWriter;
import io.github.deltasharing.server.publish.delta.DeltaLog;
import io.github.deltasharing.server.publish.delta.DeltaSchema;
import io.github.deltasharing.server.publish.delta.DeltaTables;
import io.github.deltasharing.server.publish.delta.OldVersions;
import io.github.deltasharing.server.publish.delta.TablePlace;
import io.github.deltasharing.server.share.SharedTable;
import io.github.deltasharing.server.share.TableSources;
import io.github.deltasharing.server.store.StoredPublication;
import io.github.deltasharing.source.TableSnapshot;
import io.github.deltasharing.source.TableSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.FSError;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes files as versions of tables: first in a directory that nobody reads, from which a commit
 * takes them. Safe for use by several threads.
 */
public final class PublishedTables {
  private static final Logger LOG = LoggerFactory.getLogger(PublishedTables.class);
  private static final int ROWS_A_LOOK = 1_000;
  private static final int LOOKS_A_CHECK = 100;

  private final TableRoots roots;
  private final DataFileWriter writer;
  private final TableSources sources;
  private final Disk disk;

  /**
   * Creates the tables' keeper.
   *
   * @param roots where tables are made
   * @param reserve bytes of the disk, on which they are written first, that stay free
   * @param writer what writes data files
   * @param sources what reads tables
   */
  public PublishedTables(
      TableRoots roots, long reserve, DataFileWriter writer, TableSources sources) {
    this.roots = roots;
    this.writer = writer;
    this.sources = sources;
    this.disk = new Disk(roots.stagingRoot(), reserve);
  }

  TableRoots roots() {
    return roots;
  }

  Disk disk() {
    return disk;
  }

  /** Writes a new table. */
  StagedVersion create(
      String id,
      String name,
      Uploads.Upload upload,
      PublicationRequest request,
      Instant now,
      Runnable alive)
      throws IOException {
    SourceTable source = SourceTable.of(upload, request.file(), alive);
    TableRoot root = roots.current();
    return stage(
        new Target(root, id, root.table(id, name), DeltaSchema.of(source.columns()), 0),
        source,
        request,
        alive,
        staged -> {
          DeltaTables.create(
              staged.table(), staged.schema(), staged.files(), note(staged), now.toEpochMilli());
          return 0;
        });
  }

  /** Writes the next version of a table. */
  StagedVersion change(
      StoredPublication publication,
      Uploads.Upload upload,
      PublicationRequest request,
      Instant now,
      Runnable alive)
      throws IOException {
    TableSource table = source(publication);
    TableSnapshot latest = table.latest();
    DeltaSchema before = DeltaTables.schema(latest);
    boolean append = request.mode() == Mode.APPEND;
    SourceTable source = SourceTable.of(upload, request.file(), alive);
    return stage(
        new Target(
            roots.of(publication.location()),
            publication.id(),
            publication.location(),
            append ? before : before.replacedBy(source.columns()),
            latest.version() + 1),
        append ? source.fitting(before.columns()) : source,
        request,
        alive,
        staged ->
            DeltaTables.change(
                staged.table(),
                table,
                append ? DeltaTables.Mode.APPEND : DeltaTables.Mode.REPLACE,
                staged.schema(),
                staged.files(),
                note(staged),
                now.toEpochMilli()));
  }

  private static String note(StagedVersion staged) {
    return CommitNote.of(staged.upload());
  }

  /** Does what readers of a long log are glad of; the version is there without it. */
  void afterwards(StoredPublication publication) {
    Checkpoints.after(place(publication), publication.upload().tableVersion());
  }

  /**
   * Deletes versions that were replaced long ago, and the files that only these have.
   *
   * @param limit by when they were replaced
   */
  void forget(StoredPublication publication, Instant limit, Instant now) throws IOException {
    TableRoot root = roots.of(publication.location());
    TablePlace place = root.place(publication.location());
    Optional<OldVersions.Deletion> old;
    try {
      old = OldVersions.find(place, source(publication), limit, now);
    } catch (ServerError e) {
      LOG.debug("All versions of '{}' stay: {}", publication.name(), e.getMessage());
      return;
    }
    if (old.isPresent()) {
      Intent intent =
          Intent.ofVersion(
              publication.id(), publication.location(), old.get().first(), old.get().data());
      root.begin(intent);
      old.get().from(place);
      root.end(intent);
      LOG.info("'{}' begins with version {} now", publication.name(), old.get().first());
    }
  }

  /** What the latest of a publication's versions was made of, if it is later than its record. */
  Optional<StoredPublication.Upload> later(StoredPublication publication) throws IOException {
    TablePlace table = place(publication);
    Optional<StoredPublication.Upload> latest = Optional.empty();
    for (long version = publication.upload().tableVersion() + 1; ; version++) {
      Optional<String> note = DeltaLog.note(table, version);
      if (note.isEmpty()) {
        return latest;
      }
      Optional<StoredPublication.Upload> made = CommitNote.upload(note.get(), version);
      latest = made.isPresent() ? made : latest;
    }
  }

  private TablePlace place(StoredPublication publication) {
    return roots.of(publication.location()).place(publication.location());
  }

  private TableSource source(StoredPublication publication) {
    return sources.open(
        new SharedTable(
            "publications",
            "default",
            publication.name(),
            publication.location(),
            publication.id(),
            true,
            0));
  }

  /** The table that files are written for. */
  private record Target(TableRoot root, String id, URI location, DeltaSchema schema, long next) {
    Intent intent(List<DataFile> files) {
      return next == 0
          ? Intent.ofTable(id, location)
          : Intent.ofVersion(id, location, next, files.stream().map(DataFile::name).toList());
    }
  }

  private StagedVersion stage(
      Target target,
      SourceTable source,
      PublicationRequest request,
      Runnable alive,
      StagedVersion.Commit commit)
      throws IOException {
    source.check(request.setAside());
    target.root().check();
    Path staging = roots.staging().create();
    Path aside = StagingArea.asideOf(staging);
    boolean done = false;
    try (SetAside refused = new SetAside(aside, request.setAside())) {
      List<DataFile> files;
      try (SourceTable.Rows rows = source.rows(refused)) {
        files =
            writer.write(
                staging.toUri(),
                target.schema(),
                watched(ordered(rows, source, target.schema()), alive));
      }
      refused.check(request.file().fileName());
      alive.run();
      disk.check();
      done = true;
      return new StagedVersion(
          target.root(),
          target.intent(files),
          staging,
          source,
          target.schema(),
          files,
          refused.count(),
          target.next(),
          commit);
    } catch (UncheckedIOException e) {
      throw Disk.refusal(e.getCause());
    } catch (FSError e) {
      // How Hadoop's local file system says that a write failed.
      throw Disk.refusal(new IOException(e.getCause()));
    } catch (RuntimeException e) {
      throw Disk.isFull(e) ? Disk.full(e) : e;
    } finally {
      if (!done) {
        StagingArea.deleteAll(staging);
        Files.deleteIfExists(aside);
      }
    }
  }

  /** Rows in the order of the table's columns; null where the file has none. */
  private static Iterator<Object[]> ordered(
      Iterator<Object[]> rows, SourceTable source, DeltaSchema schema) {
    List<CsvColumn> columns = schema.columns();
    int[] from = new int[columns.size()];
    for (int i = 0; i < from.length; i++) {
      from[i] = -1;
      for (int j = 0; j < source.columns().size(); j++) {
        if (source.columns().get(j).name().equalsIgnoreCase(columns.get(i).name())) {
          from[i] = j;
        }
      }
    }
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return rows.hasNext();
      }

      @Override
      public Object[] next() {
        Object[] row = rows.next();
        Object[] ordered = new Object[from.length];
        for (int i = 0; i < from.length; i++) {
          ordered[i] = from[i] < 0 ? null : row[from[i]];
        }
        return ordered;
      }
    };
  }

  /** Rows that end when the sender is gone or the disk is full. */
  private Iterator<Object[]> watched(Iterator<Object[]> rows, Runnable alive) {
    return new Iterator<>() {
      private long taken;

      @Override
      public boolean hasNext() {
        return rows.hasNext();
      }

      @Override
      public Object[] next() {
        if (++taken % ROWS_A_LOOK == 0) {
          alive.run();
          if (taken % (ROWS_A_LOOK * LOOKS_A_CHECK) == 0) {
            disk.check();
          }
        }
        return rows.next();
      }
    };
  }
}
