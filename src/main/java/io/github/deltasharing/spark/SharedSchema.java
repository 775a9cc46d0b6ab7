package io.github.deltasharing.spark;

import io.github.deltasharing.client.TableName;
import io.github.deltasharing.error.SharingErrors;
import io.github.deltasharing.protocol.Metadata;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/** Turns a metadata's schema string into Spark's schema. */
final class SharedSchema {
  private SharedSchema() {}

  /**
   * The schema of the table.
   *
   * @throws io.github.deltasharing.error.SharingException if it is none
   */
  static StructType parse(TableName table, Metadata metadata) {
    StructType schema;
    try {
      schema = (StructType) DataType.fromJson(metadata.schemaString());
    } catch (ClassCastException e) {
      throw SharingErrors.badSchema(table.toString(), "not a struct");
    } catch (RuntimeException e) {
      throw SharingErrors.badSchema(table.toString(), firstLine(e));
    }
    List<String> names = Arrays.asList(schema.fieldNames());
    for (String column : metadata.partitionColumns()) {
      if (!names.contains(column)) {
        throw SharingErrors.badSchema(
            table.toString(), "partition column '" + column + "' is not in it");
      }
    }
    return schema;
  }

  private static String firstLine(RuntimeException e) {
    String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return message.lines().findFirst().orElse(message);
  }
}
