package io.github.deltasharing.protocol;

import java.util.Set;

/**
 * What a reader must be able to do, in either dialect. The parquet dialect knows {@code
 * minReaderVersion} only.
 *
 * @param minReaderVersion the least protocol version that reads the table
 * @param minWriterVersion 0 where unsaid
 * @param readerFeatures table features that a reader must honour; empty where unsaid
 * @param version the version this belongs to, or null
 */
public record Protocol(
    int minReaderVersion, int minWriterVersion, Set<String> readerFeatures, Long version) {
  /** A protocol whose version is unsaid. */
  public Protocol(int minReaderVersion, int minWriterVersion, Set<String> readerFeatures) {
    this(minReaderVersion, minWriterVersion, readerFeatures, null);
  }

  public Protocol {
    readerFeatures = Set.copyOf(readerFeatures);
  }
}
