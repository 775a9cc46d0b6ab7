/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.deltasharing.testing.Rows;
import io.github.deltasharing.testing.TestSpark;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.AtomicType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;

/**
 * Filters on every column of a shared table that is no struct, list, map or binary: by servers, by
 * partition values and statistics, and by what is pushed to readers of files. Stateless.
 */
final class IcebergFilters {
  private IcebergFilters() {}

  /**
   * Compares with the same filters on all the table's rows.
   *
   * @param some those values of a column's that are compared with
   */
  static void assertSame(Dataset<Row> shared, String table, UnaryOperator<List<Object>> some) {
    List<Row> rows = shared.collectAsList();
    Dataset<Row> local = TestSpark.session().createDataFrame(rows, shared.schema());
    for (StructField field : shared.schema().fields()) {
      if (field.dataType() instanceof AtomicType && field.dataType() != DataTypes.BinaryType) {
        List<Object> values = rows.stream().<Object>map(row -> row.getAs(field.name())).toList();
        Column column = functions.col("`" + field.name() + "`");
        for (Object value : some.apply(values)) {
          for (Column filter :
              List.of(column.eqNullSafe(value), column.gt(value), column.leq(value))) {
            assertThat(Rows.of(shared.filter(filter)))
                .as("%s: %s", table, filter)
                .isEqualTo(Rows.of(local.filter(filter)));
          }
        }
      }
    }
  }
}
