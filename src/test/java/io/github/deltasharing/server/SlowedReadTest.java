/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.deltasharing.server.config.ShareConfig;
import io.github.deltasharing.server.http.AccessRecord;
import io.github.deltasharing.testing.TestSpark;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The connector at a server that lets it send one request a second: slower, and right. */
class SlowedReadTest {
  @TempDir Path directory;

  @Test
  void aJobThatIsSlowedDownReadsAllThatThereIs() throws Exception {
    List<AccessRecord> records = new CopyOnWriteArrayList<>();
    Path table = directory.resolve("orders");
    Dataset<Row> orders = TestSpark.session().range(0, 100, 1, 4).toDF("id");
    orders.write().format("delta").save(table.toString());
    ShareConfig config =
        ShareConfig.builder()
            .port(0)
            .bearerToken(ServerTables.TOKEN)
            .rateLimit(1, 1)
            .table("retail", "sales", "orders", table)
            .build();
    try (SharingServer server = SharingServer.start(config, records::add)) {
      Path profile =
          Files.writeString(
              directory.resolve("config.share"),
              "{\"shareCredentialsVersion\":1,\"endpoint\":\"%s\",\"bearerToken\":\"%s\"}"
                  .formatted(server.uri(), ServerTables.TOKEN));
      for (int i = 0; i < 2; i++) {
        assertThat(
                TestSpark.session()
                    .read()
                    .format("deltaSharing")
                    .load(profile + "#retail.sales.orders")
                    .orderBy("id")
                    .collectAsList())
            .isEqualTo(orders.orderBy("id").collectAsList());
      }
    }
    assertThat(records).extracting(AccessRecord::status).contains(429).doesNotContain(500, 503);
    // It waited as long as it was told to, and did not try all the time.
    long refused = records.stream().filter(record -> record.status() == 429).count();
    long taken = records.stream().filter(record -> record.endpoint().equals("query")).count();
    assertThat(taken).isPositive();
    assertThat(refused).isLessThanOrEqualTo(2 * records.size() / 3);
  }
}
