package io.github.deltasharing.spark;

import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.connector.read.SupportsPushDownRequiredColumns;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Collects what Spark's optimiser pushes down: the columns, nested ones too. Driver only. */
final class SharingScanBuilder implements ScanBuilder, SupportsPushDownRequiredColumns {
  private final SharingTable table;
  private StructType required;

  SharingScanBuilder(SharingTable table) {
    this.table = table;
    this.required = table.sharedSchema().logical();
  }

  @Override
  public void pruneColumns(StructType requiredSchema) {
    this.required = requiredSchema;
  }

  @Override
  public Scan build() {
    StructType data = new StructType();
    StructType partition = new StructType();
    StructType metadata = new StructType();
    for (StructField field : required.fields()) {
      if (table.isFileMetadata(field.name())) {
        metadata = (StructType) field.dataType();
      } else if (table.partitionColumns().contains(field.name())) {
        partition = partition.add(field);
      } else {
        data = data.add(field);
      }
    }
    return new SharingScan(table, data, partition, metadata);
  }
}
