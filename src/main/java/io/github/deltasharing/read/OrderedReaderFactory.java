/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.read;

import java.io.IOException;
import java.util.Arrays;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.connector.metric.CustomTaskMetric;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarBatch;

/**
 * Gives the columns of another factory's readers in another order, for streams: Spark matches the
 * columns of a batch scan by name, those of a stream by place. Serialised with every task.
 */
public final class OrderedReaderFactory implements PartitionReaderFactory {
  private static final long serialVersionUID = 1L;

  private final PartitionReaderFactory readers;
  private final int[] places;
  private final DataType[] types;

  private OrderedReaderFactory(PartitionReaderFactory readers, int[] places, DataType[] types) {
    this.readers = readers;
    this.places = places;
    this.types = types;
  }

  /**
   * A factory whose readers give certain columns.
   *
   * @param read the columns of {@code readers}
   * @param wanted the same ones in the order wanted
   */
  public static PartitionReaderFactory of(
      PartitionReaderFactory readers, StructType read, StructType wanted) {
    if (Arrays.equals(read.fieldNames(), wanted.fieldNames())) {
      return readers;
    }
    int[] places = Arrays.stream(wanted.fieldNames()).mapToInt(read::fieldIndex).toArray();
    DataType[] types =
        Arrays.stream(wanted.fields()).map(field -> field.dataType()).toArray(DataType[]::new);
    return new OrderedReaderFactory(readers, places, types);
  }

  @Override
  public boolean supportColumnarReads(InputPartition partition) {
    return readers.supportColumnarReads(partition);
  }

  @Override
  public PartitionReader<InternalRow> createReader(InputPartition partition) {
    return new Ordered<>(readers.createReader(partition)) {
      @Override
      InternalRow ordered(InternalRow row) {
        Object[] values = new Object[places.length];
        for (int i = 0; i < places.length; i++) {
          values[i] = row.get(places[i], types[i]);
        }
        return new GenericInternalRow(values);
      }
    };
  }

  @Override
  public PartitionReader<ColumnarBatch> createColumnarReader(InputPartition partition) {
    return new Ordered<>(readers.createColumnarReader(partition)) {
      @Override
      ColumnarBatch ordered(ColumnarBatch batch) {
        ColumnVector[] columns =
            Arrays.stream(places).mapToObj(batch::column).toArray(ColumnVector[]::new);
        return new ColumnarBatch(columns, batch.numRows());
      }
    };
  }

  /** One task's reader. */
  private abstract static class Ordered<T> implements PartitionReader<T> {
    private final PartitionReader<T> reader;

    Ordered(PartitionReader<T> reader) {
      this.reader = reader;
    }

    abstract T ordered(T value);

    @Override
    public boolean next() throws IOException {
      return reader.next();
    }

    @Override
    public T get() {
      return ordered(reader.get());
    }

    @Override
    public CustomTaskMetric[] currentMetricsValues() {
      return reader.currentMetricsValues();
    }

    @Override
    public void close() throws IOException {
      reader.close();
    }
  }
}
