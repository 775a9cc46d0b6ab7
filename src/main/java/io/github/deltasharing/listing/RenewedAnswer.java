package io.github.deltasharing.listing;

import io.github.deltasharing.protocol.AddFile;
import io.github.deltasharing.protocol.DeletionVectorDescriptor;
import io.github.deltasharing.protocol.compact.PackedText;
import io.github.deltasharing.storage.RenewedUrls;
import io.github.deltasharing.storage.SignedUrl;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * The URLs of one answer by their files' ids, in arrays: there may be very many. Ids that an
 * earlier answer had are shared with it. Immutable; driver only.
 */
final class RenewedAnswer {
  private final String[] ids;
  private final PackedText[] urls;
  private final PackedText[] deletions;
  private final long[] renewAt;
  private final long generation;

  /** Before there was an answer. */
  RenewedAnswer() {
    this(List.of(), null, null);
  }

  /**
   * @param life of the URLs
   * @param before the answer before this one
   */
  RenewedAnswer(List<AddFile> files, UrlLife life, RenewedAnswer before) {
    AddFile[] sorted = files.toArray(new AddFile[0]);
    Arrays.parallelSort(sorted, Comparator.comparing(AddFile::id));
    int count = sorted.length;
    ids = new String[count];
    urls = new PackedText[count];
    deletions = new PackedText[count];
    renewAt = new long[count];
    generation = before == null ? 0 : before.generation + 1;
    for (int i = 0; i < count; i++) {
      AddFile file = sorted[i];
      int known = before.find(file.id());
      ids[i] = known < 0 ? file.id() : before.ids[known];
      urls[i] = file.packedUrl();
      deletions[i] = deletions(file.deletionVector());
      renewAt[i] = life.renewAt(file.expirationTimestamp());
    }
  }

  private static PackedText deletions(DeletionVectorDescriptor vector) {
    return vector == null || vector.storageType().equals("i")
        ? null
        : vector.packedPathOrInlineDv();
  }

  /** Which of the scan's answers it is; the planned one is 0. */
  long generation() {
    return generation;
  }

  /** Whether the answer has several files of that id: no URL is known to be the right one. */
  boolean isAmbiguous(String fileId) {
    int file = find(fileId);
    return file >= 0
        && ((file > 0 && ids[file - 1].equals(fileId))
            || (file + 1 < ids.length && ids[file + 1].equals(fileId)));
  }

  /** Whoever the server was asked for gets these; null for a file that is not in the answer. */
  RenewedUrls of(String fileId) {
    int file = find(fileId);
    return file < 0
        ? null
        : new RenewedUrls(
            new SignedUrl(urls[file]),
            deletions[file] == null ? null : new SignedUrl(deletions[file]),
            renewAt[file],
            generation,
            true);
  }

  private int find(String fileId) {
    return Arrays.binarySearch(ids, fileId);
  }

  /** Without the URLs. */
  @Override
  public String toString() {
    return "RenewedAnswer[" + ids.length + " files, generation=" + generation + "]";
  }
}
