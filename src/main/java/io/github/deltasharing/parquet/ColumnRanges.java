package io.github.deltasharing.parquet;

import io.github.deltasharing.storage.PrimedFile.Range;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Works out which bytes of a file a split needs: the column chunks of its row groups that hold a
 * column asked for, neighbours merged. It may name too much, never too little that matters: a byte
 * that it left out is fetched when it is read.
 */
final class ColumnRanges {
  /** Two ranges with a smaller gap between them are cheaper as one request. */
  private static final long MERGE_GAP_BYTES = 32 << 10;

  private final StructType schema;
  private final ColumnMatcher matcher;

  ColumnRanges(StructType schema, ColumnMatcher matcher) {
    this.schema = schema;
    this.matcher = matcher;
  }

  /** The ranges, ascending and disjoint. */
  List<Range> of(MessageType fileSchema, List<BlockMetaData> rowGroups) {
    List<Range> chunks = new ArrayList<>();
    for (BlockMetaData rowGroup : rowGroups) {
      for (ColumnChunkMetaData chunk : rowGroup.getColumns()) {
        if (isNeeded(schema, fileSchema, chunk.getPath().toArray(), 0)) {
          long start = chunk.getStartingPos();
          chunks.add(new Range(start, start + chunk.getTotalSize()));
        }
      }
    }
    chunks.sort(Comparator.comparingLong(Range::start));
    return merge(chunks);
  }

  private static List<Range> merge(List<Range> chunks) {
    List<Range> merged = new ArrayList<>();
    for (Range chunk : chunks) {
      Range last = merged.isEmpty() ? null : merged.get(merged.size() - 1);
      if (last != null && chunk.start() - last.end() <= MERGE_GAP_BYTES) {
        merged.set(merged.size() - 1, new Range(last.start(), Math.max(last.end(), chunk.end())));
      } else {
        merged.add(chunk);
      }
    }
    return merged;
  }

  /** Struct fields are matched on the way down; below an array or a map all is needed. */
  private boolean isNeeded(StructType struct, GroupType group, String[] path, int depth) {
    Type inFile = group.getType(path[depth]);
    for (StructField field : struct.fields()) {
      if (matcher.matches(field, inFile)) {
        return !(field.dataType() instanceof StructType nested)
            || depth + 1 >= path.length
            || inFile.isPrimitive()
            || isNeeded(nested, inFile.asGroupType(), path, depth + 1);
      }
    }
    return false;
  }
}
