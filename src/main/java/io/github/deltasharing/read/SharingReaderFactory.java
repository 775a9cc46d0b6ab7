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
 * credential. On the driver it keeps alive what renews the URLs of its files, for as long as a plan
 * or an RDD may read them.
 */
public final class SharingReaderFactory implements PartitionReaderFactory {
  private static final long serialVersionUID = 1L;

  private final ScanSpec spec;
  private final boolean columnar;
  private final Broadcast<SerializableConfiguration> hadoop;

  @SuppressWarnings("unused") // Held, not used.
  private final transient Object renewal;

  /**
   * @param renewal lives as long as this, on the driver
   */
  public SharingReaderFactory(
      ScanSpec spec,
      boolean columnar,
      Broadcast<SerializableConfiguration> hadoop,
      Object renewal) {
    this.spec = spec;
    this.columnar = columnar;
    this.hadoop = hadoop;
    this.renewal = renewal;
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
