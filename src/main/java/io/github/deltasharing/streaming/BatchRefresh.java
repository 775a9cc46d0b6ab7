/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.streaming;

import io.github.deltasharing.client.QueryResult;
import io.github.deltasharing.error.FileErrors;
import io.github.deltasharing.listing.ChangesRefresh;
import io.github.deltasharing.listing.ListingRefresh;
import io.github.deltasharing.protocol.AddFile;
import io.github.deltasharing.storage.AmbiguousNames;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Lists all files of one batch of a stream again, for the sake of their URLs. Driver only; used by
 * one thread at a time.
 */
public final class BatchRefresh implements ListingRefresh {
  private final String table;
  private final Set<FileListing> listings = Collections.newSetFromMap(new IdentityHashMap<>());

  /**
   * @param table for messages
   */
  public BatchRefresh(String table, List<StreamFile> files) {
    this.table = table;
    files.forEach(file -> listings.add(file.listing()));
  }

  /** What names a file of a batch when its URL is refreshed. */
  private static String key(StreamFile file) {
    return keyPrefix(file) + file.change().file().id();
  }

  /** What comes before a file's id in what names it when its URL is refreshed. */
  public static String keyPrefix(StreamFile file) {
    return file.listing().snapshot() ? "" : ChangesRefresh.keyPrefix(file.change());
  }

  /** The keys that several files may have, among all that was listed with these. */
  public static Predicate<String> ambiguousKeys(List<StreamFile> files) {
    AmbiguousNames names = new AmbiguousNames();
    files.stream()
        .map(StreamFile::listing)
        .distinct()
        .flatMap(listing -> listing.all().stream())
        .forEach(file -> names.add(key(file)));
    return names;
  }

  @Override
  public QueryResult refresh() {
    List<AddFile> files = new ArrayList<>();
    Set<String> listed = new HashSet<>();
    Long first = null;
    for (FileListing listing : listings) {
      FileListing again = listing.again();
      String id = listing.metadata(listing.first()).id();
      if (!again.metadata(again.first()).id().equals(id)) {
        throw FileErrors.urlsNotRefreshed(toString(), "another table took its place", null);
      }
      // Two listings may have a commit in common: it is the same one.
      Set<String> keys = new HashSet<>();
      for (StreamFile file : again.all()) {
        String key = key(file);
        keys.add(key);
        if (!listed.contains(key)) {
          files.add(file.change().file().withId(key));
        }
      }
      listed.addAll(keys);
      Long stated = again.life().stated();
      first = stated == null || (first != null && first < stated) ? first : stated;
    }
    return new QueryResult(null, files, null, first, listings.size());
  }

  /** A batch of a stream is planned each time that it runs. */
  @Override
  public void confirm() {}

  @Override
  public String toString() {
    return "a batch of the stream of " + table;
  }
}
