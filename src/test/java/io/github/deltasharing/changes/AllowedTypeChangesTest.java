/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.changes;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.spark.sql.types.DataType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("unit")
class AllowedTypeChangesTest {
  @ParameterizedTest
  @CsvSource({
    "short, byte, true",
    "long, byte, true",
    "int, long, false",
    "int, int, false",
    "double, float, true",
    "double, int, true",
    "double, long, false",
    "float, double, false",
    "'decimal(10,2)', 'decimal(9,2)', true",
    "'decimal(10,2)', 'decimal(10,3)', false",
    "'decimal(10,3)', 'decimal(10,2)', false",
    "'decimal(10,0)', int, true",
    "'decimal(10,1)', int, false",
    "'decimal(20,0)', long, true",
    "'decimal(19,0)', long, false",
    "timestamp_ntz, date, true",
    "timestamp, date, false",
    "string, int, false"
  })
  void aTypeHoldsThoseThatItMayHaveGrownFrom(String wide, String narrow, boolean holds) {
    assertThat(AllowedTypeChanges.holds(DataType.fromDDL(wide), DataType.fromDDL(narrow)))
        .isEqualTo(holds);
  }
}
