/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.listing;

import io.github.deltasharing.protocol.AddFile;
import io.github.deltasharing.protocol.DeletionVectorDescriptor;
import io.github.deltasharing.protocol.compact.PackedText;
import io.github.deltasharing.storage.SignedUrl;
import io.github.deltasharing.storage.url.RefreshedUrls;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * The URLs of one listing by their files' ids, in arrays: there may be very many. Ids that an
 * earlier listing had are shared with it. Immutable; driver only.
 */
final class ListedUrls {
  private final String[] ids;
  private final PackedText[] urls;
  private final PackedText[] vectors;
  private final long[] refreshAt;
  private final long generation;

  /** Before the files were listed again. */
  ListedUrls() {
    this(List.of(), null, null);
  }

  /**
   * @param life of the URLs
   * @param before the listing before this one
   */
  ListedUrls(List<AddFile> files, UrlLifetime life, ListedUrls before) {
    AddFile[] sorted = files.toArray(new AddFile[0]);
    Arrays.parallelSort(sorted, Comparator.comparing(AddFile::id));
    int count = sorted.length;
    ids = new String[count];
    urls = new PackedText[count];
    vectors = new PackedText[count];
    refreshAt = new long[count];
    generation = before == null ? 0 : before.generation + 1;
    for (int i = 0; i < count; i++) {
      AddFile file = sorted[i];
      int known = before.find(file.id());
      ids[i] = known < 0 ? file.id() : before.ids[known];
      urls[i] = file.packedUrl();
      vectors[i] = vectors(file.deletionVector());
      refreshAt[i] = life.refreshAt(file.expirationTimestamp());
    }
  }

  private static PackedText vectors(DeletionVectorDescriptor vector) {
    return vector == null || vector.storageType().equals("i")
        ? null
        : vector.packedPathOrInlineDv();
  }

  /** Which of the scan's listings it is; the planned one is 0. */
  long generation() {
    return generation;
  }

  /** Whether the listing has several files of that id: no URL is known to be the right one. */
  boolean isAmbiguous(String fileId) {
    int file = find(fileId);
    return file >= 0
        && ((file > 0 && ids[file - 1].equals(fileId))
            || (file + 1 < ids.length && ids[file + 1].equals(fileId)));
  }

  /** For whom the files were listed; null for a file that is not among them. */
  RefreshedUrls of(String fileId) {
    int file = find(fileId);
    return file < 0
        ? null
        : new RefreshedUrls(
            new SignedUrl(urls[file]),
            vectors[file] == null ? null : new SignedUrl(vectors[file]),
            refreshAt[file],
            generation,
            true);
  }

  private int find(String fileId) {
    return Arrays.binarySearch(ids, fileId);
  }

  /** Without the URLs. */
  @Override
  public String toString() {
    return "ListedUrls[" + ids.length + " files, generation=" + generation + "]";
  }
}
