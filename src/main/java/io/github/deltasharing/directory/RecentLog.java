/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.directory;

import io.github.deltasharing.directory.ListPage.StoredObject;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What was seen of a table's log: the last listing, and small files of it that were read, which a
 * query reads as its planning did. Files of a log do not change (but for one, of which nobody asks
 * here), and a listing shows if one did. Driver only; thread-safe; bounded.
 */
final class RecentLog {
  /** Longer files are not kept. */
  static final int MOST_BYTES_OF_ONE = 1 << 20;

  private static final int MOST_BYTES = 16 << 20;
  private static final int MOST_NAMES = 20_000;
  private static final long FRESH_NANOS = Duration.ofSeconds(2).toNanos();

  private final Map<String, Kept> kept = new LinkedHashMap<>(16, 0.75f, true);
  private Listing last = new Listing("", "", Map.of(), System.nanoTime() - FRESH_NANOS);
  private int bytes;

  /** A directory was listed. */
  synchronized void listed(String prefix, String from, List<StoredObject> objects) {
    Map<String, StoredObject> byName = new HashMap<>();
    List<StoredObject> newest =
        objects.subList(Math.max(0, objects.size() - MOST_NAMES), objects.size());
    newest.forEach(object -> byName.put(object.name(), object));
    String first = newest.size() == objects.size() ? from : newest.get(0).name();
    last = new Listing(prefix, first, byName, System.nanoTime());
  }

  /** A file as the last listing has it; null where it does not. */
  synchronized StoredObject object(String path) {
    return last.objects().get(path);
  }

  /** The same if that listing is of this moment. */
  synchronized StoredObject justListed(String path) {
    return last.isFresh() ? last.objects().get(path) : null;
  }

  /**
   * Whether a listing of this moment shows that a version has no checksum file. Of other files it
   * is looked for again: a commit may have come.
   */
  synchronized boolean isJustMissed(String path) {
    return path.endsWith(".crc")
        && last.isFresh()
        && path.startsWith(last.prefix())
        && path.substring(last.prefix().length()).compareTo(last.from()) >= 0
        && !last.objects().containsKey(path);
  }

  /** The bytes of a file that was read and that the last listing shows as it was; else null. */
  synchronized byte[] bytes(String path) {
    Kept file = kept.get(path);
    return file != null && file.object().equals(last.objects().get(path)) ? file.bytes() : null;
  }

  /** A file was read. */
  synchronized void keep(String path, StoredObject object, byte[] content) {
    Kept old = kept.put(path, new Kept(object, content));
    bytes += content.length - (old == null ? 0 : old.bytes().length);
    var eldest = kept.entrySet().iterator();
    while (bytes > MOST_BYTES) {
      bytes -= eldest.next().getValue().bytes().length;
      eldest.remove();
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Kept(StoredObject object, byte[] bytes) {}

  private record Listing(
      String prefix, String from, Map<String, StoredObject> objects, long nanos) {
    boolean isFresh() {
      return System.nanoTime() - nanos < FRESH_NANOS;
    }
  }
}
