package io.github.deltasharing.read;

import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Makes a task's reader. Serialised with every task: it holds schemas and settings, no URL and no
 * credential.
 */
public final class SharingReaderFactory implements PartitionReaderFactory {
  private static final long serialVersionUID = 1L;

  private final ScanSpec spec;
  private final boolean columnar;
  private final Broadcast<SerializableConfiguration> hadoop;

  public SharingReaderFactory(
      ScanSpec spec, boolean columnar, Broadcast<SerializableConfiguration> hadoop) {
    this.spec = spec;
    this.columnar = columnar;
    this.hadoop = hadoop;
  }

  @Override
  public boolean supportColumnarReads(InputPartition partition) {
    return columnar;
  }

  @Override
  public PartitionReader<InternalRow> createReader(InputPartition partition) {
    return new RowPartitionReader(spec, openers(), ((SharingInputPartition) partition).slices());
  }

  @Override
  public PartitionReader<ColumnarBatch> createColumnarReader(InputPartition partition) {
    return new ColumnarPartitionReader(
        spec, openers(), ((SharingInputPartition) partition).slices());
  }

  private Openers openers() {
    return new Openers(hadoop.value().value(), spec);
  }
}
