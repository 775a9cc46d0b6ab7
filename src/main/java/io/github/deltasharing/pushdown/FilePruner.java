package io.github.deltasharing.pushdown;

import io.github.deltasharing.protocol.AddFile;
import io.github.deltasharing.read.PartitionValues;
import io.github.deltasharing.table.FileFacts;
import io.github.deltasharing.table.FileFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.apache.spark.sql.types.StructType;

/** Leaves out the files of an answer that cannot hold a row of the result. Immutable. */
public final class FilePruner {
  private final String table;
  private final PushedScan pushed;
  private final PartitionValues exactValues;
  private final List<ScanColumn> exactColumns;

  /**
   * @param table for messages
   * @param timeZone of the session
   */
  public FilePruner(String table, PushedScan pushed, String timeZone) {
    this.table = table;
    this.pushed = pushed;
    this.exactColumns = pushed.predicates().exactColumns().stream().distinct().toList();
    StructType schema = new StructType();
    for (ScanColumn column : exactColumns) {
      schema = schema.add(column.toString(), column.type());
    }
    this.exactValues = new PartitionValues(schema, timeZone);
  }

  /**
   * The files that are left.
   *
   * @throws io.github.deltasharing.error.SharingException if a partition value that decides is not
   *     of its type
   */
  public PrunedFiles prune(List<AddFile> listed) {
    List<AddFile> inPartitions = byPartition(listed);
    List<AddFile> matching = byStatistics(inPartitions);
    List<AddFile> needed = byLimit(byTopN(matching));
    return new PrunedFiles(
        needed,
        listed.size(),
        listed.size() - inPartitions.size(),
        inPartitions.size() - matching.size(),
        matching.size() - needed.size());
  }

  private List<AddFile> byPartition(List<AddFile> files) {
    if (!pushed.predicates().hasExact()) {
      return files;
    }
    FileFilter filter = pushed.predicates().exactFilter();
    List<AddFile> kept = new ArrayList<>();
    for (AddFile file : files) {
      check(file);
      if (filter.mayMatch(FileFacts.of(file.partitionValues(), null))) {
        kept.add(file);
      }
    }
    return kept;
  }

  /** Nobody looks at these values again, so they have to be right. */
  private void check(AddFile file) {
    String[] texts = new String[exactColumns.size()];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = file.partitionValues().get(exactColumns.get(i).physicalPath().get(0));
    }
    exactValues.row(table, file.id(), texts);
  }

  private List<AddFile> byStatistics(List<AddFile> files) {
    if (!pushed.predicates().hasInexact()) {
      return files;
    }
    return matching(files, pushed.predicates().statisticsFilter());
  }

  /** The files that hold a row for which the filter may be true. */
  public static List<AddFile> matching(List<AddFile> files, FileFilter filter) {
    List<AddFile> kept = new ArrayList<>();
    for (AddFile file : files) {
      if (filter.mayMatch(FileFacts.of(file))) {
        kept.add(file);
      }
    }
    return kept;
  }

  private List<AddFile> byTopN(List<AddFile> files) {
    return pushed.topN() == null ? files : pushed.topN().needed(files);
  }

  /** As many files as have enough rows, in the order of the answer. */
  private List<AddFile> byLimit(List<AddFile> files) {
    if (pushed.limit().isEmpty()) {
      return files;
    }
    List<AddFile> kept = new ArrayList<>();
    long rows = 0;
    for (AddFile file : files) {
      OptionalLong live = FileFacts.of(file).liveRows();
      if (rows >= pushed.limit().getAsInt()) {
        break;
      }
      if (live.isEmpty() || live.getAsLong() > 0) {
        kept.add(file);
      }
      rows += live.orElse(0);
    }
    return kept;
  }
}
