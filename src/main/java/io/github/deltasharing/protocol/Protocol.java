/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.protocol;

import io.github.deltasharing.annotation.PublicApi;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * What a client must be able to do to read a table, in either format. The parquet format knows
 * {@code minReaderVersion} only. Immutable.
 *
 * @param minReaderVersion the least protocol version that reads the table
 * @param minWriterVersion 0 where unsaid
 * @param readerFeatures table features that a reader must honour, in the table's order; empty where
 *     unsaid
 * @param writerFeatures table features that a writer must honour; empty in what a client reads,
 *     which has no use for them
 * @param version the version this belongs to, or null
 */
@PublicApi
public record Protocol(
    int minReaderVersion,
    int minWriterVersion,
    Set<String> readerFeatures,
    Set<String> writerFeatures,
    Long version) {
  /** A protocol as a client reads it. */
  public Protocol(
      int minReaderVersion, int minWriterVersion, Set<String> readerFeatures, Long version) {
    this(minReaderVersion, minWriterVersion, readerFeatures, Set.of(), version);
  }

  /** A protocol whose version is unsaid. */
  public Protocol(int minReaderVersion, int minWriterVersion, Set<String> readerFeatures) {
    this(minReaderVersion, minWriterVersion, readerFeatures, null);
  }

  public Protocol {
    readerFeatures = ordered(readerFeatures);
    writerFeatures = ordered(writerFeatures);
  }

  /** The same of a version. */
  public Protocol ofVersion(Long named) {
    return new Protocol(minReaderVersion, minWriterVersion, readerFeatures, writerFeatures, named);
  }

  private static Set<String> ordered(Set<String> features) {
    return Collections.unmodifiableSet(new LinkedHashSet<>(features));
  }
}
