package io.github.deltasharing.read;

import java.util.List;
import org.apache.spark.sql.connector.read.InputPartition;

/**
 * What one task reads: slices of files, with signed URLs and without any credential of the
 * recipient.
 */
public class SharingInputPartition implements InputPartition {
  private static final long serialVersionUID = 1L;

  private final FileSlice[] slices;

  public SharingInputPartition(List<FileSlice> slices) {
    this.slices = slices.toArray(new FileSlice[0]);
  }

  public List<FileSlice> slices() {
    return List.of(slices);
  }

  @Override
  public String toString() {
    return "SharingInputPartition[" + slices.length + " slices]";
  }
}
