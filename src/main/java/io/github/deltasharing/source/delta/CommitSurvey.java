/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.source.delta;

import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.internal.TableFeatures;
import io.delta.kernel.internal.actions.Metadata;
import io.delta.kernel.internal.actions.Protocol;
import io.delta.kernel.internal.util.VectorUtils;
import io.delta.kernel.types.LongType;
import io.delta.kernel.types.MapType;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructType;
import io.delta.kernel.utils.CloseableIterator;
import io.github.deltasharing.protocol.FormatNegotiation;
import java.io.IOException;
import java.util.BitSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What must be known of a range of commits before the first line of a response about them: what a
 * client must be able to read, when they were made, and which of them have change files. A first
 * reading of the commits finds it; a number and two bits a commit are kept. Used by one thread.
 */
final class CommitSurvey {
  private static final StructType SCHEMA =
      new StructType()
          .add("protocol", Protocol.FULL_SCHEMA)
          .add("metaData", Metadata.FULL_SCHEMA)
          .add("cdc", new StructType().add("path", StringType.STRING))
          .add(
              "commitInfo",
              new StructType()
                  .add("inCommitTimestamp", LongType.LONG)
                  .add("operation", StringType.STRING)
                  .add(
                      "operationMetrics", new MapType(StringType.STRING, StringType.STRING, true)));

  /** Version and time come first in Kernel's batches. */
  private static final int PROTOCOL = 2;

  private static final int METADATA = 3;
  private static final int CDC = 4;
  private static final int COMMIT_INFO = 5;

  private final long start;
  private final long[] timestamps;
  private final BitSet withChangeFiles = new BitSet();
  private final BitSet withoutChanges = new BitSet();
  private final Set<String> readerFeatures = new TreeSet<>();
  private OptionalLong firstWithoutFeed = OptionalLong.empty();
  private Protocol protocol;
  private Metadata metadata;

  private CommitSurvey(DeltaSnapshot head, int commits) {
    start = head.version();
    timestamps = new long[commits];
    protocol = head.kernelProtocol();
    metadata = head.kernelMetadata();
    note(start);
  }

  /**
   * Reads the commits.
   *
   * @param head the table at the first version
   * @throws io.delta.kernel.exceptions.KernelException if Kernel does not support one's protocol
   */
  static CommitSurvey of(DeltaSnapshot head, CommitReader commits) {
    CommitSurvey survey = new CommitSurvey(head, commits.commits().size());
    if (commits.commits().isEmpty()) {
      return survey;
    }
    CommitTimes times = CommitTimes.startingAt(head.deltaTable(), head.version());
    for (int i = 0; i < survey.timestamps.length; i++) {
      survey.timestamps[i] = times.next(commits.commits().get(i).getModificationTime());
    }
    try (CloseableIterator<ColumnarBatch> batches =
        commits.open(commits.start(), commits.end(), SCHEMA)) {
      while (batches.hasNext()) {
        survey.read(batches.next());
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return survey;
  }

  private void read(ColumnarBatch batch) {
    ColumnVector protocols = batch.getColumnVector(PROTOCOL);
    ColumnVector metadatas = batch.getColumnVector(METADATA);
    ColumnVector changes = batch.getColumnVector(CDC);
    ColumnVector infos = batch.getColumnVector(COMMIT_INFO);
    boolean noted = true;
    for (int row = 0; row < batch.getSize(); row++) {
      int index = index(batch.getColumnVector(0).getLong(row));
      if (!protocols.isNullAt(row)) {
        protocol = Protocol.fromColumnVector(protocols, row);
        noted = false;
      } else if (!metadatas.isNullAt(row)) {
        metadata = Metadata.fromColumnVector(metadatas, row);
        noted = false;
      } else if (!changes.isNullAt(row)) {
        withChangeFiles.set(index);
      } else if (!infos.isNullAt(row)) {
        commitInfo(infos, row, index);
      }
    }
    if (!noted) {
      note(batch.getColumnVector(0).getLong(0));
    }
  }

  private void note(long version) {
    TableFeatures.validateReadSupportedTable(protocol, "", Optional.of(metadata));
    readerFeatures.addAll(
        FormatNegotiation.readerFeatures(
            KernelActions.protocol(protocol), KernelActions.metadata(metadata)));
    if (firstWithoutFeed.isEmpty() && !hasFeed(metadata)) {
      firstWithoutFeed = OptionalLong.of(version);
    }
  }

  private void commitInfo(ColumnVector infos, int row, int index) {
    ColumnVector inCommit = infos.getChild(0);
    if (!inCommit.isNullAt(row)) {
      timestamps[index] = inCommit.getLong(row);
    }
    ColumnVector operation = infos.getChild(1);
    ColumnVector metrics = infos.getChild(2);
    if (!operation.isNullAt(row)
        && operation.getString(row).equals("MERGE")
        && !metrics.isNullAt(row)) {
      Map<String, String> counts = VectorUtils.toJavaMap(metrics.getMap(row));
      boolean none =
          Stream.of("numTargetRowsInserted", "numTargetRowsUpdated", "numTargetRowsDeleted")
              .allMatch(name -> "0".equals(counts.get(name)));
      withoutChanges.set(index, none);
    }
  }

  private static boolean hasFeed(Metadata metadata) {
    return metadata
        .getConfiguration()
        .getOrDefault("delta.enableChangeDataFeed", "false")
        .equalsIgnoreCase("true");
  }

  private int index(long version) {
    return (int) (version - start);
  }

  /** All features that a reader of one of the versions must know. */
  Set<String> readerFeatures() {
    return readerFeatures;
  }

  /** The first version in which the table records no change data, if there is one. */
  OptionalLong firstWithoutFeed() {
    return firstWithoutFeed;
  }

  /** When a version was committed, in milliseconds since the epoch. */
  long timestamp(long version) {
    return timestamps[index(version)];
  }

  /** Whether the commit says in files of their own which rows it changed. */
  boolean hasChangeFiles(long version) {
    return withChangeFiles.get(index(version));
  }

  /** Whether the commit merged nothing: it may have rewritten files, but changed no row. */
  boolean changedNothing(long version) {
    return withoutChanges.get(index(version));
  }
}
