/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.deltasharing.options.HttpSettings;
import io.github.deltasharing.options.SharingReadConf;
import io.github.deltasharing.parquet.ParquetSettings;
import io.github.deltasharing.storage.url.SignedUrlAccess;
import io.github.deltasharing.testing.Serialised;
import io.github.deltasharing.testing.TestSpark;
import java.util.Map;
import org.apache.spark.sql.sources.EqualTo;
import org.apache.spark.sql.sources.Filter;
import org.apache.spark.sql.sources.In;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

class ScanSpecTest {
  private static final HttpSettings HTTP =
      new SharingReadConf(Map.of("cacheMemory", "1MB"), name -> null).http();

  @Test
  void itsFiltersArriveOnExecutors() {
    Filter[] filters = {new EqualTo("a", 1L), new In("`b-c`.d", new Object[] {"x", null})};
    ScanSpec spec =
        new ScanSpec(
                StructType.fromDDL("a BIGINT"),
                new StructType(),
                new StructType(),
                ParquetSettings.of(TestSpark.session().sessionState().conf()),
                HTTP,
                new SignedUrlAccess(null, HTTP),
                "UTC",
                filters)
            .cachedAs("p#s.s.t", "id");
    assertThat(Serialised.byJava(spec).dataFilters()).isEqualTo(filters);
    assertThat(Serialised.byKryo(spec).dataFilters()).isEqualTo(filters);
    assertThat(Serialised.byJava(spec).files()).hasToString("CachingAccess[SignedUrlAccess[null]]");
  }
}
