/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.deltasharing.server.config.ShareConfigReader;
import io.github.deltasharing.testing.S3Store;
import io.github.deltasharing.testing.WrittenIceberg;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.PartitionSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Iceberg tables in a bucket: read with the keys of its entry of storage, served by the bucket. */
class S3IcebergTest {
  private static final String[] DELTA = {
    "delta-sharing-capabilities", "responseformat=delta;readerfeatures=columnmapping"
  };

  @Test
  void tablesLieInABucket(@TempDir Path directory) throws IOException {
    S3Store store = S3Store.shared();
    String bucket = store.newBucket("lake");
    Map<String, String> settings = S3Store.hadoop(store.endpoint(), store.newKey(bucket));
    Configuration hadoop = new Configuration();
    settings.forEach(hadoop::set);
    WrittenIceberg written =
        WrittenIceberg.create(
            "s3a://" + bucket + "/ware house/db/t",
            hadoop,
            WrittenIceberg.SCHEMA,
            PartitionSpec.unpartitioned(),
            Map.of("format-version", "2"));
    written.append("p=a b/%20ü", 0);
    // Others call the same store s3; files elsewhere in it are not the table's.
    written
        .table()
        .newAppend()
        .appendFile(
            written.file("b", 10).withPath("s3://" + bucket + "/ware house/db/t/data/b").build())
        .commit();
    Path config = directory.resolve("share.yaml");
    Files.writeString(
        config,
        """
        port: 0
        authorization: {bearerToken: %s}
        storage: [{prefix: 's3a://%s', hadoop: {%s}}]
        catalogs: [{name: lake, type: hadoop, warehouse: 's3://%s/ware house/'}]
        shares: [{name: Retail, schemas: [{name: s, tables: [
          {name: t, location: 'iceberg://lake/db/t'},
          {name: u, location: 's3a://%s/ware house/db/t/metadata/version-hint.text'}]}]}]
        """
            .formatted(
                ServerTables.TOKEN,
                bucket,
                settings.entrySet().stream()
                    .map(pair -> pair.getKey() + ": '" + pair.getValue() + "'")
                    .collect(Collectors.joining(", ")),
                bucket,
                bucket));
    try (SharingServer server = SharingServer.start(ShareConfigReader.read(config).build())) {
      ServerClient client = new ServerClient(server);
      for (String table : List.of("s.t", "s.u")) {
        HttpResponse<String> response = client.query(table, "{}", DELTA);
        List<String> contents =
            ServerClient.actions(response, "file").stream()
                .map(file -> content(store, file))
                .sorted()
                .toList();
        assertThat(contents).containsExactly("bytes of b", "bytes of p=a b/%20ü");
      }
      written
          .table()
          .newAppend()
          .appendFile(written.file("c", 10).withPath("s3a://" + bucket + "/elsewhere").build())
          .commit();
      assertThat(ServerClient.message(client.query("s.t", "{}", DELTA)))
          .contains("not below the table's directory")
          .doesNotContain(bucket);
    }
  }

  private static String content(S3Store store, JsonNode file) {
    String url = file.at("/deltaSingleAction/add/path").asText();
    assertThat(url).startsWith(store.endpoint().toString());
    return new String(ServerClient.fetch(url).body(), StandardCharsets.UTF_8);
  }
}
