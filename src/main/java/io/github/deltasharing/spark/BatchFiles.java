package io.github.deltasharing.spark;

import io.github.deltasharing.listing.ScanUrls;
import io.github.deltasharing.read.FileSlice;
import java.util.List;
import java.util.function.Predicate;

/** What a batch reads of which files. Lists them when it is first asked for them. Driver only. */
interface BatchFiles {
  /** Slices of whole files. */
  List<FileSlice> slices();

  /** Those of the slices that are read; others are listed only for the sake of partitions' keys. */
  default Predicate<FileSlice> wanted() {
    return slice -> true;
  }

  /** Refreshes the files' URLs. */
  ScanUrls urls();

  /** Of the table that the files are from. */
  String tableId();

  /** The files that a stream's offsets stand for. */
  static BatchFiles of(List<FileSlice> slices, ScanUrls urls, String tableId) {
    return new Planned(slices, urls, tableId);
  }

  /** Files that were found before. */
  record Planned(List<FileSlice> slices, ScanUrls urls, String tableId) implements BatchFiles {
    /** Without the URLs. */
    @Override
    public String toString() {
      return "Planned[" + slices.size() + " slices]";
    }
  }
}
