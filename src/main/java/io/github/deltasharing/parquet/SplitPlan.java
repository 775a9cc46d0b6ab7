/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.parquet;

import io.github.deltasharing.storage.ClaimLimits;
import io.github.deltasharing.storage.PrimedFile;
import io.github.deltasharing.storage.PrimedFile.Range;
import java.io.IOException;
import java.util.Set;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.mapred.FileSplit;
import org.apache.parquet.HadoopReadOptions;
import org.apache.parquet.filter2.predicate.FilterPredicate;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.ColumnPath;
import org.apache.parquet.hadoop.util.HadoopStreams;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.SeekableInputStream;
import org.apache.parquet.schema.MessageType;
import org.apache.spark.sql.types.StructType;

/**
 * What a split needs before its reader starts, found out in two steps, each of which reads what the
 * one before requested: the file's footer, then dictionaries and the indexes of its pages. At the
 * end the file knows which of its bytes will be read, and requests them. Used by the task's thread.
 */
public final class SplitPlan {
  /** Parquet's decryption wants a name. */
  private static final Path NAME = new Path("delta-sharing-data:///planned");

  /** Before the first row group. */
  private static final int MAGIC_BYTES = 4;

  private final SplitPlanning planning;
  private final PrimedFile file;
  private final long start;
  private final long length;

  /** From the first step to the second. */
  private ParquetFileReader split;

  private Set<BlockMetaData> rowGroups;
  private MessageType columns;

  private Footer footer;
  private StructType schema;
  private FilterPredicate filter;
  private NotNullColumns notNull;
  private boolean dictionaries;
  private long neededBytes;
  private SplitRanges.Chosen chosen;
  private boolean done;

  SplitPlan(SplitPlanning planning, PrimedFile file, long start, long length) {
    this.planning = planning;
    this.file = file;
    this.start = start;
    this.length = length;
  }

  /** Asks for all bytes of a split that is a whole file, its footer unseen. */
  public void expectAll() {
    if (start == 0 && length == file.file().size()) {
      file.expect(new Range(MAGIC_BYTES, length));
    }
  }

  /**
   * Goes as far as the bytes that are here lead, without waiting for others (but for those of a
   * footer that is longer than the file's tail).
   *
   * @return whether that is to the end
   */
  public boolean goOn() throws IOException {
    while (!done && file.isHere()) {
      step();
    }
    return done;
  }

  /** Goes to the end, for the reader that starts now, and counts what that needs. Once. */
  void finish() throws IOException {
    while (!done) {
      step();
    }
    file.stats().needed(neededBytes + chosen.bytes());
    file.stats().skipped(chosen.skipped());
  }

  private void step() throws IOException {
    if (split == null) {
      readFooter();
    } else {
      chooseRanges();
    }
  }

  private void readFooter() throws IOException {
    ClaimLimits limits = ClaimLimits.here();
    long footerBytes = FooterCheck.bytes(file, limits);
    ParquetFileReader opened = open();
    try {
      plan(opened, footerBytes, limits);
    } catch (RuntimeException e) {
      opened.close();
      throw e;
    }
    split = opened;
  }

  private ParquetFileReader open() throws IOException {
    try {
      return ParquetFileReader.open(
          new Input(file),
          HadoopReadOptions.builder(planning.hadoop(), NAME)
              .withRange(start, start + length)
              .build());
    } catch (NullPointerException e) {
      if (String.valueOf(e.getMessage()).contains("LogicalType")) {
        // Parquet before 1.16 (Spark 4.0 and older) reads a mark that it does not know as null.
        throw FooterCheck.unknownType(file, e);
      }
      throw e;
    }
  }

  private void plan(ParquetFileReader opened, long footerBytes, ClaimLimits limits)
      throws IOException {
    footer = Footer.of(opened.getFooter(), footerBytes, planning.settings());
    ColumnPlace root = ColumnPlace.root(file.file());
    if (ColumnMatcher.lacksIds(planning.readSchema(), footer.schema())) {
      // Also where no row would be read: a filter knows no more of its columns than a reader.
      throw root.withoutIds();
    }
    schema =
        new FileTypes(planning.matcher(), file.file(), column -> bytes(opened, column))
            .of(planning.readSchema(), footer.schema());
    filter = planning.filters().of(schema, footer);
    columns = new FileColumns(schema, planning.matcher()).of(footer.schema());
    if (opened.getFileMetaData().getFileDecryptor() == null) {
      ChunkChecks.install(file, opened.getRowGroups(), columns, limits);
    }
    rowGroups = planning.ranges().possible(opened, filter);
    dictionaries = planning.ranges().keepDictionaries(file, columns, filter, rowGroups);
    neededBytes = footer.bytes() + planning.ranges().keepIndexes(file, columns, filter, rowGroups);
    NullCounts nulls = new NullCounts(planning.matcher(), rowGroups);
    notNull = nulls.unsure(planning.readSchema(), footer.schema(), root);
    nulls.refuse(planning.unreadNotNull(), footer.schema(), root);
  }

  /** Of a column's chunks in the split's row groups. */
  private static long bytes(ParquetFileReader split, ColumnPath column) {
    return split.getRowGroups().stream()
        .flatMap(rowGroup -> rowGroup.getColumns().stream())
        .filter(chunk -> chunk.getPath().equals(column))
        .mapToLong(ColumnChunkMetaData::getTotalSize)
        .sum();
  }

  private void chooseRanges() throws IOException {
    ParquetFileReader opened = split;
    // If this fails, the next try starts with the footer again.
    split = null;
    try (opened) {
      if (dictionaries) {
        rowGroups = planning.ranges().possibleByDictionary(opened, filter, rowGroups);
      }
      chosen = planning.ranges().plan(file, opened, columns, filter, rowGroups);
    }
    if (!hasRows()) {
      // Nothing more of it is read: what was kept makes room.
      file.close();
    }
    done = true;
    rowGroups = null;
    columns = null;
  }

  /** For Parquet's reader. */
  FileSplit split(Path path) {
    return new FileSplit(path, start, length, new String[0]);
  }

  Footer footer() {
    return footer;
  }

  /** The types that the file is read with. */
  StructType schema() {
    return schema;
  }

  /** What the reader may skip rows by, or null. */
  FilterPredicate filter() {
    return filter;
  }

  /** Whether the reader may skip row groups by their dictionaries. */
  boolean dictionaries() {
    return dictionaries;
  }

  /**
   * What is to be checked of the rows that are read, as the table has them; null for nothing. Known
   * once the reader has started.
   */
  public NotNullColumns notNull() {
    return notNull;
  }

  /** Whether there is anything to read. */
  boolean hasRows() {
    return chosen.read() > 0;
  }

  /** A file for Parquet's reader of footers. */
  private record Input(PrimedFile file) implements InputFile {
    @Override
    public long getLength() {
      return file.file().size();
    }

    @Override
    public SeekableInputStream newStream() {
      return HadoopStreams.wrap(file.newStream());
    }

    /** Parquet's messages quote it. */
    @Override
    public String toString() {
      return "file " + file.file().id();
    }
  }
}
