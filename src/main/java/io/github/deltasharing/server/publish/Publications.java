/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.publish;

import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.server.publish.PublicationRequest.FileOptions;
import io.github.deltasharing.server.publish.PublicationRequest.Mode;
import io.github.deltasharing.server.publish.PublicationRequest.Sharing;
import io.github.deltasharing.server.share.ConfiguredShares;
import io.github.deltasharing.server.storage.UnclearWriteException;
import io.github.deltasharing.server.store.Change;
import io.github.deltasharing.server.store.Database;
import io.github.deltasharing.server.store.Names;
import io.github.deltasharing.server.store.Page;
import io.github.deltasharing.server.store.Provenance;
import io.github.deltasharing.server.store.PublicationStore;
import io.github.deltasharing.server.store.Session;
import io.github.deltasharing.server.store.StoredPrincipal;
import io.github.deltasharing.server.store.StoredPublication;
import io.github.deltasharing.server.store.StoredPublication.SharedAs;
import java.io.IOException;
import java.io.InputStream;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes tables of files, shares them, and ends that. A table and its place in a share come whole or
 * not at all: what fails leaves neither files nor rows. The files of a version are written first;
 * then one transaction has what the database says of it, and the commit of the table as its last
 * step. Safe for use by several threads; the server closes it.
 */
public final class Publications implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Publications.class);

  private final Database database;
  private final PublicationStore store = new PublicationStore();
  private final Placement placement;
  private final Uploads uploads;
  private final PublishedTables tables;
  private final Turns turns = new Turns();
  private final Housekeeping housekeeping;

  /**
   * Creates the service.
   *
   * @param tables makes them of files
   * @param mostBytes the longest file
   * @param retention how long versions stay that were replaced; empty for ever
   */
  public Publications(
      Database database,
      ConfiguredShares configured,
      PublishedTables tables,
      long mostBytes,
      Optional<Duration> retention,
      Clock clock) {
    this.database = database;
    this.placement = new Placement(configured);
    this.tables = tables;
    Disk disk = tables.disk();
    this.uploads = new Uploads(disk.root().resolve(".uploads"), mostBytes, disk, clock);
    this.housekeeping = new Housekeeping(database, tables, uploads, retention, clock);
    housekeeping.start();
  }

  /** Deletes what was left behind, now. */
  void tidy() {
    housekeeping.run();
  }

  /** A principal and what it does. */
  public record Sender(StoredPrincipal principal, Change change) {}

  /**
   * Begins to take a file that is to become a publication; what can be refused before is.
   *
   * @param announced its length; negative if that is unknown
   */
  public Uploads.Incoming begin(PublicationRequest request, Sender sender, long announced) {
    database.read(
        session -> {
          check(session, store.find(session, name(request)), request);
          return null;
        });
    return begin(sender, announced);
  }

  /** Begins to take a file that is to be looked at. */
  public Uploads.Incoming begin(Sender sender, long announced) {
    return uploads.begin(sender.principal().id(), announced);
  }

  /** What a file that came would be as a table; it stays for an hour. */
  public Preview preview(Uploads.Incoming incoming, FileOptions options, Runnable alive) {
    Uploads.Upload upload = finished(incoming, alive);
    boolean kept = false;
    try (Turns.Turn turn = turns.take()) {
      Preview preview = Previews.of(upload, options, alive);
      kept = true;
      return preview;
    } finally {
      if (!kept) {
        uploads.drop(upload);
      }
    }
  }

  /** What a file that was uploaded before would be with other options. */
  public Preview preview(String uploadId, FileOptions options, Sender sender, Runnable alive) {
    try (Turns.Turn turn = turns.take()) {
      return Previews.of(uploads.require(uploadId, sender.principal().id()), options, alive);
    }
  }

  /** Publishes a file that came. */
  public StoredPublication publish(
      PublicationRequest request, Uploads.Incoming incoming, Sender sender, Runnable alive) {
    Uploads.Upload upload = finished(incoming, alive);
    try {
      return publish(request, upload, sender.change(), alive);
    } finally {
      uploads.drop(upload);
    }
  }

  /** Publishes a file that was uploaded before; once that is done it is gone. */
  public StoredPublication publish(
      PublicationRequest request, String uploadId, Sender sender, Runnable alive) {
    Uploads.Upload upload = uploads.require(uploadId, sender.principal().id());
    StoredPublication published = publish(request, upload, sender.change(), alive);
    uploads.drop(upload);
    return published;
  }

  private Uploads.Upload finished(Uploads.Incoming incoming, Runnable alive) {
    boolean done = false;
    try {
      Uploads.Upload upload = incoming.finish(alive);
      done = true;
      return upload;
    } catch (IOException e) {
      throw Disk.refusal(e);
    } finally {
      if (!done) {
        incoming.drop();
      }
    }
  }

  private StoredPublication publish(
      PublicationRequest request, Uploads.Upload upload, Change change, Runnable alive) {
    String name = name(request);
    try (Turns.Turn turn = turns.take(name)) {
      Optional<StoredPublication> before =
          database.read(
              session -> {
                Optional<StoredPublication> found = store.find(session, name);
                check(session, found, request);
                return found;
              });
      if (before.isPresent()) {
        return change(before.get(), request, upload, change, alive);
      }
      return create(name, request, upload, change, alive);
    } catch (IOException e) {
      throw Disk.refusal(e);
    }
  }

  private StoredPublication create(
      String name, PublicationRequest request, Uploads.Upload upload, Change change, Runnable alive)
      throws IOException {
    String id = UUID.randomUUID().toString();
    try (StagedVersion staged = tables.create(id, name, upload, request, change.at(), alive)) {
      staged.place();
      boolean done = false;
      try {
        StoredPublication publication =
            database.write(
                session -> {
                  StoredPublication table =
                      new StoredPublication(
                          id,
                          name,
                          request.comment(),
                          staged.location(),
                          staged.upload(),
                          Optional.empty(),
                          change.by(),
                          new Provenance(1, change.at(), change.by(), change.at(), change.by()));
                  StoredPublication created =
                      shared(session, store.create(session, table, change), request, change);
                  commit(staged);
                  return created;
                });
        done = true;
        staged.published();
        return publication;
      } finally {
        if (!done && staged.isCommitted()) {
          undo(id, staged);
        }
      }
    }
  }

  /** The table is there, and the database did not say that it has it. */
  private void undo(String id, StagedVersion staged) {
    try {
      if (!database.read(session -> store.exists(session, id))) {
        staged.undo();
      }
    } catch (RuntimeException e) {
      LOG.warn("Whether '{}' was published is found out by the next sweep", id, e);
    }
  }

  private static long commit(StagedVersion staged) {
    try {
      return staged.commit();
    } catch (UnclearWriteException e) {
      throw ServerError.busy(e.getMessage(), e);
    } catch (IOException e) {
      throw Disk.refusal(e);
    }
  }

  private StoredPublication change(
      StoredPublication before,
      PublicationRequest request,
      Uploads.Upload upload,
      Change change,
      Runnable alive)
      throws IOException {
    try (StagedVersion staged = tables.change(before, upload, request, change.at(), alive)) {
      staged.place();
      StoredPublication publication;
      try {
        publication =
            database.write(
                session -> {
                  StoredPublication locked = store.lock(session, before.name());
                  if (!locked.id().equals(before.id())) {
                    throw ServerError.notFound(
                        "There is no publication '" + before.name() + "' any more");
                  }
                  StoredPublication updated =
                      store.update(session, locked, staged.upload(), change);
                  StoredPublication placed = shared(session, updated, request, change);
                  long version = commit(staged);
                  return version == placed.upload().tableVersion()
                      ? placed
                      : store.record(session, placed, staged.upload(version));
                });
      } catch (RuntimeException e) {
        if (staged.isCommitted() || staged.isUnclear()) {
          throw toldLater(before.name(), staged.isCommitted(), e);
        }
        throw e;
      }
      staged.published();
      tables.afterwards(publication);
      return publication;
    }
  }

  /** A version that is there, or may be, without a record of it. */
  private static ServerError toldLater(String name, boolean committed, RuntimeException cause) {
    return ServerError.busy(
        committed
            ? "The file is in the table of '"
                + name
                + "', but the database could not be told. Do not send it again: the"
                + " publication's table_version follows within the hour"
            : "The store of the table of '"
                + name
                + "' did not say whether the file is in it. Do not send it again before an hour:"
                + " if it is, the publication's table_version follows within it",
        cause);
  }

  private StoredPublication shared(
      Session session, StoredPublication publication, PublicationRequest request, Change change)
      throws SQLException {
    if (request.share().isEmpty()) {
      return publication;
    }
    Sharing where = request.share().get();
    SharedAs place =
        placement.share(
            session, publication, where, where.table().orElse(publication.name()), change);
    return store.place(session, publication, place.objectId());
  }

  /** A publication's name as it is given, or after its file's. */
  private static String name(PublicationRequest request) {
    String file = request.file().fileName().replaceFirst("(?i)\\.gz$", "");
    int dot = file.lastIndexOf('.');
    String name = request.name().orElse(dot > 0 ? file.substring(0, dot) : file);
    return Names.check("name", name);
  }

  private void check(
      Session session, Optional<StoredPublication> before, PublicationRequest request)
      throws SQLException {
    String name = name(request);
    if (before.isPresent() && request.mode() == Mode.CREATE) {
      throw new ServerError(
          409,
          ServerError.RESOURCE_ALREADY_EXISTS,
          "'" + name + "' is published already. Choose another name, or mode append or replace");
    }
    if (before.isEmpty() && request.mode() != Mode.CREATE) {
      throw ServerError.notFound(
          "There is no publication '" + name + "' to add to or to replace. Publish it first");
    }
    if (request.share().isPresent()) {
      Sharing where = request.share().get();
      placement.check(
          session, where, where.table().orElse(name), before.flatMap(StoredPublication::shared));
    }
  }

  public Page<StoredPublication> page(Page.Of page) {
    return database.read(session -> store.page(session, page));
  }

  public StoredPublication get(String name) {
    return database.read(session -> store.require(session, name));
  }

  /** Lines that a publication's latest file has and the table has not, after some of them. */
  public List<SetAside.Line> setAside(StoredPublication publication, long after, int most) {
    try {
      Optional<InputStream> lines =
          tables.roots().of(publication.location()).setAside(publication.id());
      return lines.isPresent() ? SetAside.read(lines.get(), after, most) : List.of();
    } catch (IOException e) {
      throw Disk.refusal(e);
    }
  }

  /**
   * Takes a table out of its share and forgets it.
   *
   * @param purge whether to delete its files too
   * @param expected refuses a publication that is another than the sender thinks
   */
  public void remove(String name, boolean purge, Change change, Consumer<Provenance> expected) {
    try (Turns.Turn turn = turns.take(name)) {
      Optional<Intent> deletion =
          database.write(
              session -> {
                StoredPublication publication = store.lock(session, name);
                expected.accept(publication.provenance());
                if (publication.shared().isPresent()) {
                  placement.unshare(session, publication.shared().get(), change);
                }
                store.delete(session, publication);
                return purge ? Optional.of(deletion(publication)) : Optional.<Intent>empty();
              });
      deletion.ifPresent(intent -> tables.roots().of(intent.location()).purge(intent));
    }
  }

  /** Should the server stop before the files are gone, a sweep deletes them. */
  private Intent deletion(StoredPublication publication) {
    Intent intent = Intent.ofTable(publication.id(), publication.location());
    try {
      tables.roots().of(publication.location()).begin(intent);
    } catch (IOException e) {
      throw Disk.refusal(e);
    }
    return intent;
  }

  @Override
  public void close() {
    housekeeping.close();
  }
}
