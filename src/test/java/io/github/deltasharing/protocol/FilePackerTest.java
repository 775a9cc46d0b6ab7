/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class FilePackerTest {
  private static final String TOKEN = "canary%2FwEaDGV1LWNlbnRyYWwtMSJH".repeat(20);

  private static String url(int file) {
    return "https://bucket.s3.amazonaws.com/orders/part-%05d-%08x.parquet?X-Amz-Security-Token=%s&X-Amz-Signature=%016x"
        .formatted(file, 31 * file, TOKEN, 1_000_003L * file);
  }

  @Test
  void halfASurrogatePairIsNoStatistic() {
    assertThat(file("u", "{\"maxValues\":{\"a\":\"\ud83d\"}}").stats()).isNull();
    assertThat(file("u", "{\"maxValues\":{\"a\":\"😀?\"}}").stats()).contains("😀?");
  }

  @Test
  void aPackedFileIsTheSameFile() {
    FilePacker files = FilePacker.ofAll();
    Map<String, String> none = new HashMap<>();
    none.put("p", null);
    for (int i = 0; i < 20; i++) {
      AddFile plain =
          new AddFile(
              url(i),
              "id" + i,
              i,
              i % 2 == 0 ? none : Map.of("p", "1"),
              i == 7 ? null : "{\"numRecords\":" + i + "}",
              1_000L,
              i < 3 ? null : Long.valueOf(2_000 + i),
              i == 5 ? null : Long.valueOf(3_000),
              i == 4 ? null : new DeletionVectorDescriptor(i < 9 ? "p" : "i", url(i), i, 2, 3));
      AddFile packed = files.pack(plain);
      assertThat(packed).isEqualTo(plain);
      assertThat(packed.url()).isEqualTo(plain.url());
      assertThat(packed.stats()).isEqualTo(plain.stats());
      assertThat(FilePacker.ofUrls().pack(plain).stats()).isNull();
      assertThat(packed).hasSameHashCodeAs(plain);
    }
    assertThat(files.pack(file("v", null)).partitionValues())
        .isSameAs(files.pack(file("w", null)).partitionValues());
  }

  private static AddFile file(String url, String stats) {
    return new AddFile(url, "id", 1, Map.of("p", "1"), stats, null, null, null, null);
  }
}
