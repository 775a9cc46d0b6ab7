/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import io.github.deltasharing.listing.ScanUrls;
import io.github.deltasharing.read.FileScanTask;
import io.github.deltasharing.streaming.BatchRefresh;
import io.github.deltasharing.streaming.SharingOffset;
import io.github.deltasharing.streaming.SharingReadLimit;
import io.github.deltasharing.streaming.StreamFile;
import io.github.deltasharing.streaming.StreamReader;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.connector.read.streaming.MicroBatchStream;
import org.apache.spark.sql.connector.read.streaming.Offset;
import org.apache.spark.sql.connector.read.streaming.ReadLimit;
import org.apache.spark.sql.connector.read.streaming.ReportsSourceMetrics;
import org.apache.spark.sql.connector.read.streaming.SupportsTriggerAvailableNow;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A stream of a shared table, as Spark drives it: what is read is {@link StreamReader}'s to decide.
 * Driver only; used by the stream's thread.
 */
final class SharingMicroBatchStream
    implements MicroBatchStream, SupportsTriggerAvailableNow, ReportsSourceMetrics {
  private static final Logger LOG = LoggerFactory.getLogger(SharingMicroBatchStream.class);

  private final String table;
  private final StreamReader reader;
  private final StreamScanTasks splits;
  private final SharingBatch.Readers readers;
  private final SharingReadLimit limit;
  private final Duration assumedLife;
  private SharingBatch batch;
  private long batchFiles;
  private long batchBytes;

  /**
   * @param table its name, for messages
   * @param splits how files are read
   * @param readers make the factory of a batch's readers
   * @param limit how much a batch reads at most
   * @param assumedLife of URLs whose expiry the server does not send
   */
  SharingMicroBatchStream(
      String table,
      StreamReader reader,
      StreamScanTasks splits,
      SharingBatch.Readers readers,
      SharingReadLimit limit,
      Duration assumedLife) {
    this.table = table;
    this.reader = reader;
    this.splits = splits;
    this.readers = readers;
    this.limit = limit;
    this.assumedLife = assumedLife;
    this.batch = batch(List.of(), urls(List.of()));
  }

  private ScanUrls urls(List<StreamFile> files) {
    return new ScanUrls(new BatchRefresh(table, files), assumedLife);
  }

  private SharingBatch batch(List<FileScanTask> read, ScanUrls urls) {
    return new SharingBatch(urls.id(), BatchFiles.of(read, urls, reader.tableId()), null, readers);
  }

  @Override
  public Offset initialOffset() {
    return SharingOffset.initial();
  }

  @Override
  public Offset deserializeOffset(String json) {
    return SharingOffset.fromJson(table, json);
  }

  @Override
  public ReadLimit getDefaultReadLimit() {
    return limit;
  }

  @Override
  public void prepareForTriggerAvailableNow() {
    reader.freeze();
  }

  @Override
  public Offset latestOffset() {
    throw new UnsupportedOperationException("latestOffset(Offset, ReadLimit) is to be called");
  }

  @Override
  public Offset latestOffset(Offset start, ReadLimit readLimit) {
    return reader.next((SharingOffset) start, readLimit);
  }

  /** The server's latest version at the last poll. */
  @Override
  public Offset reportLatestOffset() {
    return reader.serverOffset();
  }

  @Override
  public InputPartition[] planInputPartitions(Offset start, Offset end) {
    List<StreamFile> files = reader.files((SharingOffset) start, (SharingOffset) end);
    ScanUrls urls = urls(files);
    batchFiles = files.size();
    batchBytes = files.stream().mapToLong(file -> file.change().file().size()).sum();
    LOG.info("{}: a batch of {} files from {} to {}", table, batchFiles, start, end);
    InputPartition[] partitions = batch(splits.of(files), urls).planInputPartitions();
    // Readers are made for partitions just planned: Spark calls for their factory next. The splits
    // are in the partitions.
    batch = batch(List.of(), urls);
    return partitions;
  }

  @Override
  public PartitionReaderFactory createReaderFactory() {
    return batch.createReaderFactory();
  }

  @Override
  public void commit(Offset end) {
    reader.committed((SharingOffset) end);
  }

  @Override
  public void stop() {}

  @Override
  public Map<String, String> metrics(Optional<Offset> latestConsumedOffset) {
    SharingOffset consumed =
        latestConsumedOffset
            .map(offset -> SharingOffset.fromJson(table, offset.json()))
            .orElse(null);
    Map<String, String> metrics = reader.metrics(consumed);
    metrics.put("batchFiles", "" + batchFiles);
    metrics.put("batchBytes", "" + batchBytes);
    return metrics;
  }

  @Override
  public String toString() {
    return LoadedTable.SOURCE + "[" + table + "]";
  }
}
