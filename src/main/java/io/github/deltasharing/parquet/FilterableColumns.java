/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.parquet;

import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Type.Repetition;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampType;

/**
 * Finds the part of a file's schema whose statistics a filter may use without losing a row. A
 * filter on any other column is left to Spark, which filters again. Left out are:
 *
 * <ul>
 *   <li>columns that are not read: Parquet's column indexes take those for null throughout;
 *   <li>columns narrower in the file than in the table: a literal may not fit;
 *   <li>columns that another one in the file is called like, by id or by case;
 *   <li>floating point numbers of writers that leave NaN out of statistics: to Spark, NaN is
 *       greater than any other;
 *   <li>dates and timestamps in the old hybrid calendar: several of its days are one of Spark's;
 *   <li>timestamps in milliseconds: Spark cuts a literal's microseconds off, whatever the operator.
 * </ul>
 *
 * Immutable.
 */
final class FilterableColumns {
  private final StructType wanted;
  private final ColumnMatcher matcher;

  FilterableColumns(StructType wanted, ColumnMatcher matcher) {
    this.wanted = wanted;
    this.matcher = matcher;
  }

  /**
   * @param inFile the types that the file is read with
   */
  MessageType of(StructType inFile, Footer footer) {
    MessageType file = footer.schema();
    return new MessageType(file.getName(), of(wanted, inFile, file, footer));
  }

  private List<Type> of(StructType struct, StructType wanted, GroupType group, Footer footer) {
    List<Type> columns = new ArrayList<>();
    for (int i = 0; i < struct.length(); i++) {
      StructField field = struct.fields()[i];
      DataType type = wanted.fields()[i].dataType();
      Type inFile = matcher.findByName(field, group);
      if (inFile == null || inFile.isRepetition(Repetition.REPEATED)) {
        continue;
      }
      if (field.dataType() instanceof StructType nested) {
        List<Type> children = of(nested, (StructType) type, inFile.asGroupType(), footer);
        if (!children.isEmpty()) {
          columns.add(inFile.asGroupType().withNewFields(children));
        }
      } else if (inFile.isPrimitive()
          && type.equals(field.dataType())
          && hasStatistics(type, inFile.asPrimitiveType(), footer)) {
        columns.add(inFile);
      }
    }
    return columns;
  }

  /** Whether statistics cover all values, in the order that Spark has them in. */
  private static boolean hasStatistics(DataType type, PrimitiveType inFile, Footer footer) {
    if (type instanceof FloatType || type instanceof DoubleType) {
      return footer.nanInStatistics();
    }
    LogicalTypeAnnotation annotation = inFile.getLogicalTypeAnnotation();
    boolean micros =
        !(annotation instanceof TimestampLogicalTypeAnnotation timestamp)
            || timestamp.getUnit() == TimeUnit.MICROS;
    boolean datetime = type instanceof DateType || type instanceof TimestampType;
    return micros && !(datetime && footer.hybridCalendar());
  }
}
