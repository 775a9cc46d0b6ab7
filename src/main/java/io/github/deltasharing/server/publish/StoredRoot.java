/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.publish;

import io.github.deltasharing.server.publish.delta.Checkpoints;
import io.github.deltasharing.server.publish.delta.DeltaLog;
import io.github.deltasharing.server.publish.delta.StoredPlace;
import io.github.deltasharing.server.publish.delta.TablePlace;
import io.github.deltasharing.server.storage.WrittenDirectory;
import io.github.deltasharing.source.ListedFile;
import io.github.deltasharing.source.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A directory of an object store. The notes of what is written are objects beside the tables, so
 * that a sweep finds them by one list; they are looked at after a day, when no request of who wrote
 * them is on its way any more. Immutable, safe for use by several threads.
 */
record StoredRoot(WrittenDirectory root, StagingArea staging, Checkpoints checkpoints)
    implements TableRoot {
  private static final Logger LOG = LoggerFactory.getLogger(StoredRoot.class);
  private static final String NOTES = ".unpublished";
  private static final String SET_ASIDE = ".set-aside/";
  private static final Duration KEPT = Duration.ofDays(1);

  @Override
  public void check() throws IOException {
    root.requireCreate();
  }

  @Override
  public URI table(String id, String name) {
    return URI.create(root.location() + "/" + Intent.directory(id, name));
  }

  private static String name(URI location) {
    String path = location.getPath().replaceAll("/+$", "");
    return path.substring(path.lastIndexOf('/') + 1);
  }

  @Override
  public TablePlace place(URI location) {
    return new StoredPlace(root, name(location), staging, checkpoints);
  }

  @Override
  public void begin(Intent intent) throws IOException {
    root.put(note(intent), intent.toJson());
  }

  private static String note(Intent intent) {
    return NOTES + "/" + intent.key();
  }

  @Override
  public void end(Intent intent) {
    quietly(() -> root.delete(List.of(note(intent))));
  }

  private interface Task {
    void run() throws IOException;
  }

  /** The note is still there if it fails, so that a sweep does it. */
  private static void quietly(Task task) {
    try {
      task.run();
    } catch (StoreException | IOException e) {
      LOG.warn("What is left of a publication is deleted later: {}", e.getMessage());
    }
  }

  @Override
  public void purge(Intent intent) {
    quietly(
        () -> {
          delete(intent);
          root.delete(List.of(SET_ASIDE + intent.id() + ".csv", note(intent)));
        });
  }

  /** Never another directory, whatever the record of a publication says. */
  private void delete(Intent intent) {
    String table = name(intent.location());
    if (Intent.isDirectory(intent.id(), table)) {
      root.delete(root.list(table, "").stream().map(file -> table + "/" + file.name()).toList());
    }
  }

  @Override
  public void keepAside(String id, Path aside, boolean any) {
    String kept = SET_ASIDE + id + ".csv";
    try {
      if (any) {
        root.put(kept, aside);
      } else {
        root.delete(List.of(kept));
      }
    } catch (StoreException | IOException e) {
      LOG.warn("Lines that were set aside could not be kept: {}", e.getMessage());
    }
  }

  @Override
  public Optional<InputStream> setAside(String id) throws IOException {
    return root.open(SET_ASIDE + id + ".csv");
  }

  @Override
  public void sweep(Instant now, Predicate<String> published) throws IOException {
    for (ListedFile note : root.list(NOTES, "")) {
      if (note.lastModified().isBefore(now.minus(KEPT))) {
        quietly(() -> decide(note.name(), published));
      }
    }
    root.abortUploads(now.minus(KEPT));
  }

  private void decide(String key, Predicate<String> published) throws IOException {
    Optional<InputStream> text = root.open(NOTES + "/" + key);
    if (text.isEmpty()) {
      return;
    }
    Intent intent;
    try (InputStream content = text.get()) {
      intent = Intent.fromJson(key, content.readAllBytes());
    }
    if (!intent.whole()) {
      decide(intent);
    } else if (!published.test(intent.id())) {
      LOG.info("Deleting {}, which no publication names", intent.location());
      purge(intent);
      return;
    }
    end(intent);
  }

  /** Files of a version, or of those that went: no commit must be able to have them. */
  private void decide(Intent intent) throws IOException {
    TablePlace place = place(intent.location());
    if (DeltaLog.mayHave(place, intent.next(), Set.copyOf(intent.files()))) {
      return;
    }
    LOG.info(
        "Deleting {} files at {} that no version has", intent.files().size(), place.location());
    place.drop(intent.files());
  }
}
