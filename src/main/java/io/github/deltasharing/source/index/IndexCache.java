/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.source.index;

import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/**
 * Keeps the files of versions in memory, those that were used last, within a budget: what is kept,
 * what queries still use and what is being built never take more of the heap. What finds no room is
 * not kept. Safe for use by several threads.
 */
public final class IndexCache {
  /** Of one table. */
  private static final int MOST_VERSIONS = 4;

  /** For how long a table that did not fit is not tried again. */
  private static final long TOO_LARGE_NANOS = java.time.Duration.ofMinutes(10).toNanos();

  /** After which another query may build what one builds, whose client may take its time. */
  private static final long CLAIM_NANOS = java.time.Duration.ofSeconds(20).toNanos();

  private static final int REMEMBERED = 1_000;

  /** What a block takes before it is one. */
  private static final long BUILDING_BYTES = 4L << 20;

  private final long budget;
  private final Map<IndexKey, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
  private final Map<FileBlock, int[]> holders = new IdentityHashMap<>();
  private final Map<IndexKey, IndexBuild> builds = new HashMap<>();
  private final Map<URI, Long> tooLarge = bounded();
  private final Map<IndexKey, Boolean> wanted = bounded();
  private final LongAdder hits = new LongAdder();
  private final LongAdder misses = new LongAdder();
  private long used;

  /**
   * @param budget bytes of the heap; 0 to keep nothing
   */
  public IndexCache(long budget) {
    this.budget = budget;
  }

  private static <K, V> Map<K, V> bounded() {
    return new LinkedHashMap<>() {
      private static final long serialVersionUID = 1L;

      @Override
      protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > REMEMBERED;
      }
    };
  }

  /** Files that are kept, and how many use them. */
  private static final class Entry {
    private final FileIndex index;
    private int users;
    private boolean evicted;

    Entry(FileIndex index) {
      this.index = index;
    }
  }

  public boolean isOff() {
    return budget <= 0;
  }

  /** Notes whether a query found its files in memory. */
  public void noteLookup(boolean found) {
    (found ? hits : misses).increment();
  }

  /** Queries that found their files in memory. */
  public long hits() {
    return hits.sum();
  }

  /** Queries that did not, and read the log. */
  public long misses() {
    return misses.sum();
  }

  /** The bytes that may be in use. */
  public long budgetBytes() {
    return budget;
  }

  /** The bytes that are in use. */
  public synchronized long usedBytes() {
    return used;
  }

  /** The files of a version, if they are kept. */
  public synchronized Optional<IndexedFiles> find(IndexKey key, VectorCodec codec) {
    Entry entry = entries.get(key);
    return entry == null ? Optional.empty() : Optional.of(use(entry, codec));
  }

  /** Whether the files of a version of a table are kept. */
  public synchronized boolean has(URI location, long version) {
    return entries.keySet().stream()
        .anyMatch(key -> key.version() == version && key.location().equals(location));
  }

  /** The newest version before another one that is kept. */
  public Optional<IndexKey> newestBefore(URI location, long version) {
    return before(location, version).stream().findFirst();
  }

  /** The versions before another one that are kept, the newest first. */
  public synchronized List<IndexKey> before(URI location, long version) {
    return entries.keySet().stream()
        .filter(key -> key.location().equals(location) && key.version() < version)
        .sorted(Comparator.comparingLong(IndexKey::version).reversed())
        .toList();
  }

  private IndexedFiles use(Entry entry, VectorCodec codec) {
    entry.users++;
    return new IndexedFiles(
        entry.index,
        codec,
        new Runnable() {
          private boolean done;

          @Override
          public void run() {
            synchronized (IndexCache.this) {
              if (!done) {
                done = true;
                entry.users--;
                if (entry.evicted && entry.users == 0) {
                  free(entry.index);
                }
              }
            }
          }
        });
  }

  /** Notes that a version is read; returns whether it was before, not long ago. */
  public synchronized boolean isWantedAgain(IndexKey key) {
    return wanted.put(key, true) != null;
  }

  /** Starts to build; empty if that is being done, or has turned out to be of no use. */
  public synchronized Optional<IndexBuild> build(IndexKey key, VectorCodec codec) {
    long now = System.nanoTime();
    Long refused = tooLarge.get(key.location());
    IndexBuild other = builds.get(key);
    if (isOff()
        || entries.containsKey(key)
        || (refused != null && now - refused < TOO_LARGE_NANOS)
        || (other != null && now - other.started() < CLAIM_NANOS)
        || !makeRoom(BUILDING_BYTES)) {
      return Optional.empty();
    }
    used += BUILDING_BYTES;
    IndexBuild build = new IndexBuild(this, key, codec, now);
    builds.put(key, build);
    return Optional.of(build);
  }

  /** Whether someone builds the files of a version. */
  synchronized boolean isBuilding(IndexKey key) {
    return builds.containsKey(key);
  }

  /** Waits for a while until nobody builds the files of a version. */
  public synchronized void awaitBuild(IndexKey key, long millis) {
    long end = System.nanoTime() + millis * 1_000_000;
    try {
      for (long left = millis; left > 0 && isBuilding(key); ) {
        wait(left);
        left = (end - System.nanoTime()) / 1_000_000;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Reserves memory for a block of a build; false if there is none for it. */
  synchronized boolean take(IndexBuild build, FileBlock block, long all) {
    if (builds.get(build.key()) != build) {
      // Another query has taken over.
      return false;
    }
    if (all + BUILDING_BYTES > budget) {
      tooLarge.put(build.key().location(), System.nanoTime());
      return false;
    }
    if (!makeRoom(block.heapBytes())) {
      return false;
    }
    hold(block);
    return true;
  }

  /** Ends a build, whose blocks are let go unless the index has them. */
  synchronized void end(IndexBuild build, List<FileBlock> blocks, FileIndex index) {
    boolean current = builds.remove(build.key(), build);
    used -= BUILDING_BYTES;
    if (index != null && current && makeRoom(index.ownBytes())) {
      used += index.ownBytes();
      index.blocks().forEach(this::hold);
      entries.put(build.key(), new Entry(index));
      dropOldVersions(build.key().location());
    }
    blocks.forEach(this::letGo);
    notifyAll();
  }

  private void dropOldVersions(URI location) {
    List<IndexKey> versions = new ArrayList<>();
    for (IndexKey key : entries.keySet()) {
      if (key.location().equals(location)) {
        versions.add(key);
      }
    }
    // The last used are last.
    for (int i = 0; i < versions.size() - MOST_VERSIONS; i++) {
      evict(entries.remove(versions.get(i)));
    }
  }

  private boolean makeRoom(long bytes) {
    Iterator<Entry> eldest = entries.values().iterator();
    while (used + bytes > budget && eldest.hasNext()) {
      Entry entry = eldest.next();
      if (entry.users == 0) {
        eldest.remove();
        evict(entry);
      }
    }
    return used + bytes <= budget;
  }

  private void evict(Entry entry) {
    entry.evicted = true;
    if (entry.users == 0) {
      free(entry.index);
    }
  }

  private void free(FileIndex index) {
    used -= index.ownBytes();
    index.blocks().forEach(this::letGo);
  }

  private void hold(FileBlock block) {
    int[] count = holders.computeIfAbsent(block, b -> new int[1]);
    if (count[0]++ == 0) {
      used += block.heapBytes();
    }
  }

  private void letGo(FileBlock block) {
    int[] count = holders.get(block);
    if (--count[0] == 0) {
      holders.remove(block);
      used -= block.heapBytes();
    }
  }
}
