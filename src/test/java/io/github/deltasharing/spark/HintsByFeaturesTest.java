/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.deltasharing.testing.StubAnswer;
import io.github.deltasharing.testing.StubServer;
import io.github.deltasharing.testing.TestShare;
import io.github.deltasharing.testing.TestSpark;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Which hints a table is asked for with. The reference server reads a query that has SQL hints by
 * an old reader, which refuses tables with reader features: such a query would cost one more
 * request, and lose the JSON hints with it.
 */
class HintsByFeaturesTest {
  private static final String TABLE = "/delta-sharing/shares/share/schemas/schema/tables/t";
  private static final String METADATA =
      "{\"metaData\":{\"deltaMetadata\":{\"id\":\"i\",\"format\":{\"provider\":\"parquet\"},\"schemaString\":\"{\\\"type\\\":\\\"struct\\\","
          + "\\\"fields\\\":[{\\\"name\\\":\\\"a\\\",\\\"type\\\":\\\"long\\\",\\\"nullable\\\":true,\\\"metadata\\\":{}}]}\","
          + "\"partitionColumns\":[]}}}";

  @TempDir Path directory;

  private String query(String protocol) {
    StubAnswer answer =
        StubAnswer.ndjson("{\"protocol\":{\"deltaProtocol\":{" + protocol + "}}}", METADATA)
            .withHeader("Delta-Table-Version", "3")
            .withHeader("Delta-Sharing-Capabilities", "responseformat=delta");
    try (StubServer stub = new StubServer()) {
      stub.on(TABLE + "/metadata", answer).on(TABLE + "/query", answer);
      Path profile = directory.resolve("stub.share");
      TestShare.writeProfile(profile, stub.url("/delta-sharing"), TestShare.CANARY);
      assertThat(
              TestSpark.session()
                  .read()
                  .format("deltaSharing")
                  .load(profile + "#share.schema.t")
                  .where("a = 1")
                  .collectAsList())
          .isEmpty();
      assertThat(stub.requests()).hasSize(2);
      return stub.requests().get(1).body();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"minReaderVersion\":3,\"minWriterVersion\":7,\"readerFeatures\":[\"deletionVectors\"]",
        "\"minReaderVersion\":2,\"minWriterVersion\":5",
      })
  void tablesWithFeaturesGetJsonHintsAlone(String protocol) {
    assertThat(query(protocol))
        .contains("\"jsonPredicateHints\"")
        .doesNotContain("\"predicateHints\"");
  }

  @Test
  void othersGetBoth() {
    assertThat(query("\"minReaderVersion\":1,\"minWriterVersion\":2"))
        .contains("\"jsonPredicateHints\"", "\"predicateHints\"");
  }
}
