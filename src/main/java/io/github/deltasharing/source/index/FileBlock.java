/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.source.index;

import io.github.deltasharing.source.TableFile;
import io.github.deltasharing.table.FileFacts;
import io.github.deltasharing.table.FileGroup;
import io.github.deltasharing.table.FileStatistics;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * Up to a thousand files by columns, in the order of the log. Immutable, safe for use by several
 * threads.
 */
final class FileBlock {
  /** The most files of one. */
  static final int MOST_FILES = 1024;

  /** Characters of text at which a block is closed, however few files it has. */
  private static final int MOST_TEXT = 1 << 20;

  /** What {@link FileGroup} keeps of columns, and the objects of a block. */
  private static final long OVERHEAD = 512 + 200L * FileGroup.KEPT_COLUMNS;

  private final int size;
  private final Texts paths;
  private final int[] pathHashes;

  /** The files in the order of their paths. */
  private final short[] byPath;

  private final Longs sizes;
  private final Longs modificationTimes;
  private final BitSet dataChange;
  private final ShapedRows<PartitionShape> partitions;
  private final ShapedRows<StatisticsShape> statistics;
  private final ShapedRows<VectorShape> vectors;
  private final FileGroup group;
  private final long heapBytes;

  /** Names of partition columns in their order, and which values are null. */
  private record PartitionShape(List<String> names, BitSet nulls) {
    long heapBytes() {
      return 150 + names.stream().mapToLong(Texts::heapBytes).sum();
    }
  }

  private record VectorShape(String storageType, boolean hasOffset) {}

  private FileBlock(Builder files) {
    size = files.paths.size();
    paths = Texts.of(files.paths);
    pathHashes = files.paths.stream().mapToInt(String::hashCode).toArray();
    byPath = new short[size];
    List<Integer> sorted =
        IntStream.range(0, size).boxed().sorted(Comparator.comparing(files.paths::get)).toList();
    for (int i = 0; i < size; i++) {
      byPath[i] = sorted.get(i).shortValue();
    }
    sizes = Longs.of(files.sizes);
    modificationTimes = Longs.of(files.modificationTimes);
    dataChange = files.dataChange;
    partitions = files.partitions.build(PartitionShape::heapBytes);
    statistics = files.statistics.build(StatisticsShape::heapBytes);
    vectors = files.vectors.build(shape -> 64);
    group = new FileGroup(size, this::facts);
    heapBytes =
        OVERHEAD
            + paths.heapBytes()
            + (Integer.BYTES + Short.BYTES + 1L) * size
            + sizes.heapBytes()
            + modificationTimes.heapBytes()
            + partitions.heapBytes()
            + statistics.heapBytes()
            + vectors.heapBytes();
  }

  int size() {
    return size;
  }

  long heapBytes() {
    return heapBytes;
  }

  /** All of its files together. */
  FileGroup group() {
    return group;
  }

  /** The file at a place in the order of paths. */
  int byPath(int place) {
    return byPath[place];
  }

  String path(int file) {
    return paths.get(file);
  }

  /** The hash code of the path. */
  int pathHash(int file) {
    return pathHashes[file];
  }

  FileKey key(int file) {
    return FileKey.of(path(file), vector(file));
  }

  FileFacts facts(int file) {
    return FileFacts.with(() -> partitionValues(file), statistics(file));
  }

  Map<String, String> partitionValues(int file) {
    PartitionShape shape = partitions.shape(file);
    if (shape.names().isEmpty()) {
      return Map.of();
    }
    Map<String, String> values = new LinkedHashMap<>();
    int place = 0;
    for (int i = 0; i < shape.names().size(); i++) {
      values.put(
          shape.names().get(i), shape.nulls().get(i) ? null : partitions.text(file, place++));
    }
    return values;
  }

  FileStatistics statistics(int file) {
    StatisticsShape shape = statistics.shape(file);
    return shape == null
        ? FileStatistics.NONE
        : shape.statistics(statistics.columns(file), statistics.index(file));
  }

  /** Null if the file has none. */
  private IndexedVector vector(int file) {
    VectorShape shape = vectors.shape(file);
    return shape == null
        ? null
        : new IndexedVector(
            shape.storageType(),
            vectors.text(file, 0),
            shape.hasOffset()
                ? OptionalInt.of(Integer.parseInt(vectors.text(file, 3)))
                : OptionalInt.empty(),
            Integer.parseInt(vectors.text(file, 1)),
            Long.parseLong(vectors.text(file, 2)));
  }

  TableFile file(int file, VectorCodec codec) {
    StatisticsShape shape = statistics.shape(file);
    return new TableFile(
        path(file),
        partitionValues(file),
        sizes.get(file),
        modificationTimes.get(file),
        dataChange.get(file),
        shape == null
            ? Optional.empty()
            : Optional.of(shape.text(place -> statistics.text(file, place))),
        Optional.ofNullable(vector(file)).map(codec::vector));
  }

  /** Collects the files of one block. Not thread-safe. */
  static final class Builder {
    private final StatisticsSplitter splitter;
    private final List<String> paths = new ArrayList<>();
    private final List<Long> sizes = new ArrayList<>();
    private final List<Long> modificationTimes = new ArrayList<>();
    private final BitSet dataChange = new BitSet();
    private final ShapedRows.Builder<PartitionShape> partitions = new ShapedRows.Builder<>();
    private final ShapedRows.Builder<StatisticsShape> statistics = new ShapedRows.Builder<>();
    private final ShapedRows.Builder<VectorShape> vectors = new ShapedRows.Builder<>();
    private long text;

    /**
     * @param splitter may be the same for many blocks, which share shapes then
     */
    Builder(StatisticsSplitter splitter) {
      this.splitter = splitter;
    }

    boolean isEmpty() {
      return paths.isEmpty();
    }

    /** Adds a file unless the block is full; returns whether it did. */
    boolean add(TableFile file, VectorCodec codec) {
      PartitionShape partition = shape(file.partitionValues());
      StatisticsSplitter.Split stats = file.stats().map(splitter::split).orElse(null);
      StatisticsShape statsShape = stats == null ? null : stats.shape();
      IndexedVector vector = file.deletionVector().map(codec::fields).orElse(null);
      VectorShape vectorShape =
          vector == null
              ? null
              : new VectorShape(vector.storageType(), vector.offset().isPresent());
      long length = length(file, vector);
      if (paths.size() == MOST_FILES
          || (text > 0 && text + length > MOST_TEXT)
          || !partitions.hasRoom(partition)
          || !statistics.hasRoom(statsShape)
          || !vectors.hasRoom(vectorShape)) {
        return false;
      }
      text += length;
      dataChange.set(paths.size(), file.dataChange());
      paths.add(file.relativePath());
      sizes.add(file.size());
      modificationTimes.add(file.modificationTime());
      List<String> values = new ArrayList<>(file.partitionValues().values());
      values.removeAll(Collections.singleton(null));
      partitions.add(partition, values);
      statistics.add(statsShape, stats == null ? List.of() : stats.values());
      vectors.add(vectorShape, vector == null ? List.of() : texts(vector));
      return true;
    }

    private static long length(TableFile file, IndexedVector vector) {
      long length = file.relativePath().length() + file.stats().map(String::length).orElse(0);
      for (String value : file.partitionValues().values()) {
        length += value == null ? 0 : value.length();
      }
      return length + (vector == null ? 0 : vector.pathOrInline().length());
    }

    private static PartitionShape shape(Map<String, String> values) {
      BitSet nulls = new BitSet();
      int i = 0;
      for (String value : values.values()) {
        nulls.set(i++, value == null);
      }
      return new PartitionShape(List.copyOf(values.keySet()), nulls);
    }

    private static List<String> texts(IndexedVector vector) {
      List<String> texts = new ArrayList<>();
      texts.add(vector.pathOrInline());
      texts.add(Integer.toString(vector.sizeInBytes()));
      texts.add(Long.toString(vector.cardinality()));
      vector.offset().ifPresent(offset -> texts.add(Integer.toString(offset)));
      return texts;
    }

    FileBlock build() {
      return new FileBlock(this);
    }
  }
}
