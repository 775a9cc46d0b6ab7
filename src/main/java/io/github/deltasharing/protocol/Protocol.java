package io.github.deltasharing.protocol;

import java.util.Set;

/**
 * What a reader must be able to do, in either dialect. The parquet dialect knows {@code
 * minReaderVersion} only.
 *
 * @param minReaderVersion the least protocol version that reads the table
 * @param minWriterVersion 0 where unsaid
 * @param readerFeatures table features that a reader must honour; empty where unsaid
 */
public record Protocol(int minReaderVersion, int minWriterVersion, Set<String> readerFeatures) {
  public Protocol {
    readerFeatures = Set.copyOf(readerFeatures);
  }
}
