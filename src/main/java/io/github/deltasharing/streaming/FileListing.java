/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.streaming;

import io.github.deltasharing.listing.UrlLifetime;
import io.github.deltasharing.protocol.ChangeFile;
import io.github.deltasharing.protocol.Metadata;
import io.github.deltasharing.protocol.Protocol;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * One listing of a stream: the files of a snapshot, or of some commits in a row. Immutable; driver
 * only. {@link #again} requests it anew.
 */
public final class FileListing {
  private final Span span;
  private final Long time;
  private final FileOrder order;
  private final UrlLifetime life;
  private final Map<Long, List<ChangeFile>> files = new TreeMap<>();
  private final History history;
  private final Supplier<FileListing> again;
  private final long refreshAt;

  /**
   * The versions that were requested.
   *
   * @param snapshot whether it is the table as of the one version
   */
  record Span(long first, long last, boolean snapshot) {}

  /**
   * What was in force at the first version, then what later ones changed it to, with their
   * versions.
   */
  record History(List<Metadata> metadata, List<Protocol> protocols) {
    History {
      metadata = List.copyOf(metadata);
      protocols = List.copyOf(protocols);
    }
  }

  /**
   * @param time when a snapshot's version was committed, epoch milliseconds; null where that is not
   *     known, or each file has its own
   * @param files with their versions
   * @param again sends the same request
   */
  FileListing(
      Span span,
      Long time,
      FileOrder order,
      UrlLifetime life,
      Map<Long, List<ChangeFile>> files,
      History history,
      Supplier<FileListing> again) {
    this.span = span;
    this.time = time;
    this.order = order;
    this.life = life;
    this.history = history;
    this.again = again;
    files.forEach(
        (version, changes) ->
            this.files.put(version, changes.stream().sorted(order.comparator()).toList()));
    this.refreshAt =
        files.values().stream()
            .flatMap(List::stream)
            .mapToLong(change -> life.refreshAt(change.file().expirationTimestamp()))
            .min()
            .orElse(Long.MAX_VALUE);
  }

  long first() {
    return span.first();
  }

  long last() {
    return span.last();
  }

  /** Whether it is of a snapshot, not of commits. */
  public boolean snapshot() {
    return span.snapshot();
  }

  /** When a snapshot's version was committed, epoch milliseconds, or null. */
  public Long time() {
    return time;
  }

  boolean has(StreamPosition position) {
    return span.snapshot() == position.snapshot()
        && span.first() <= position.version()
        && position.version() <= span.last();
  }

  FileOrder order() {
    return order;
  }

  /** How long the URLs live. */
  public UrlLifetime life() {
    return life;
  }

  /** When the first of the URLs is to be refreshed, epoch milliseconds. */
  long refreshAt() {
    return refreshAt;
  }

  /** What a commit did, in the order in which it is read. */
  List<ChangeFile> files(long version) {
    return files.getOrDefault(version, List.of());
  }

  /** What was in force at a version, as far as the server sends it. */
  Metadata metadata(long version) {
    Metadata found = history.metadata().get(0);
    for (Metadata later : history.metadata()) {
      found = later.version() != null && later.version() <= version ? later : found;
    }
    return found;
  }

  /** What was in force at a version, as far as the server sends it. */
  Protocol protocol(long version) {
    Protocol found = history.protocols().get(0);
    for (Protocol later : history.protocols()) {
      found = later.version() != null && later.version() <= version ? later : found;
    }
    return found;
  }

  /** The same with new URLs: one request, or as many as it has pages. */
  FileListing again() {
    return again.get();
  }

  /** All files of it. */
  List<StreamFile> all() {
    return files.entrySet().stream()
        .flatMap(e -> e.getValue().stream().map(f -> new StreamFile(f, e.getKey(), this)))
        .toList();
  }
}
