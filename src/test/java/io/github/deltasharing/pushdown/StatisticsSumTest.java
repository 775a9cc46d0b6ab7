/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.pushdown;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.deltasharing.table.FileFacts;
import java.util.Map;
import org.apache.spark.sql.connector.read.Statistics;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A scan is never taken for smaller than its files say. */
@Tag("unit")
class StatisticsSumTest {
  private static final StructType COLUMNS = new StructType().add("id", "bigint").add("n", "int");

  private static FileFacts rows(String count) {
    return FileFacts.of(Map.of(), "{\"numRecords\":" + count + "}");
  }

  @Test
  void rowsAtTheirUsualSize() {
    StatisticsSum sum = new StatisticsSum();
    sum.add(10, rows("100"));
    sum.add(10, rows("200"));
    Statistics statistics = sum.of(COLUMNS, COLUMNS);
    assertThat(statistics.numRows()).hasValue(300);
    assertThat(statistics.sizeInBytes()).hasValue(300 * 20);
  }

  @Test
  void rowsThatOneFileDoesNotSayAreUnknown() {
    StatisticsSum sum = new StatisticsSum();
    sum.add(1_000_000, rows("100"));
    sum.add(1_000_000, FileFacts.of(Map.of(), null));
    Statistics statistics = sum.of(COLUMNS, COLUMNS);
    assertThat(statistics.numRows()).isEmpty();
    assertThat(statistics.sizeInBytes()).hasValue(2_000_000);
  }

  @Test
  void claimsThatOverflow() {
    StatisticsSum sum = new StatisticsSum();
    sum.add(Long.MAX_VALUE, rows("9000000000000000000"));
    sum.add(Long.MAX_VALUE, rows("9000000000000000000"));
    Statistics statistics = sum.of(COLUMNS, COLUMNS);
    assertThat(statistics.numRows()).hasValue(Long.MAX_VALUE);
    assertThat(statistics.sizeInBytes()).hasValue(Long.MAX_VALUE);
  }
}
