/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.deltasharing.testing.TestSpark;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A recipient with Spark and the profile that its activation link gave it. */
class ProviderReadTest {
  @TempDir Path directory;

  @Test
  void aRecipientReadsWhatItIsGrantedAndNotAMomentLonger() throws Exception {
    SparkSession spark = TestSpark.session();
    String path = directory.resolve("tables/orders").toString();
    spark.sql(
        "CREATE TABLE delta.`"
            + path
            + "` USING delta PARTITIONED BY (part) AS"
            + " SELECT id, id % 3 AS part FROM range(0,100,1,4)");
    List<Row> expected = spark.read().format("delta").load(path).orderBy("id").collectAsList();
    assertThat(expected).hasSize(100);
    try (ProviderServer server = ProviderServer.start(directory)) {
      server.share("retail", "sales.orders", "orders");
      JsonNode profile = server.recipient("acme");
      server.grant("retail", "acme");
      assertThat(read(profile).orderBy("id").collectAsList()).isEqualTo(expected);
      assertThat(read(profile).where("part = 1").count()).isEqualTo(33);

      JsonNode rotated =
          server.activate(
              server
                  .done(
                      "POST",
                      "/recipients/acme/rotate-token",
                      "{\"existing_token_expire_in_seconds\":0}")
                  .path("activation_url")
                  .asText());
      assertThatThrownBy(() -> read(profile).count()).hasMessageContaining("401");
      assertThat(read(rotated).count()).isEqualTo(100);
      server.permission("retail", "acme", "remove");
      assertThatThrownBy(() -> read(rotated).count()).hasMessageContaining("404");
    }
  }

  private Dataset<Row> read(JsonNode profile) throws Exception {
    Path file = Files.createTempFile(directory, "config", ".share");
    Files.writeString(file, profile.toString());
    return TestSpark.session().read().format("deltaSharing").load(file + "#retail.sales.orders");
  }
}
