/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.deltasharing.server.config.ShareConfigBuilder;
import io.github.deltasharing.server.config.StorageConfig;
import io.github.deltasharing.testing.MovableClock;
import io.github.deltasharing.testing.S3Store;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The same in a bucket. */
@Tag("unit")
class S3PublicationRootTest extends PublicationRootTest {
  private static final String SECRET = "canary+secret/of/publications";

  private final S3Store store = S3Store.shared();
  private final String bucket = store.newBucket("published");
  private final S3Store.Key key = store.newKeyOf(SECRET, bucket);

  @Override
  void settings(ShareConfigBuilder config) {
    config
        .storage(
            new StorageConfig(
                "s3a://" + bucket, S3Store.hadoop(store.endpoint(), key), Optional.empty()))
        .publicationRoot(URI.create("s3a://" + bucket + "/pub/tables"));
  }

  /** With what is left on the server's disk, where files are written first. */
  @Override
  List<String> leftovers() {
    List<String> all = new ArrayList<>(super.leftovers());
    store
        .keys(bucket, "")
        .forEach(
            object -> {
              assertThat(object).startsWith("pub/tables/");
              all.add(object.substring("pub/tables/".length()));
            });
    return all;
  }

  @Override
  void delete(String file) {
    store.delete(bucket, "pub/tables/" + file);
  }

  @Test
  void tablesThatWerePublishedElsewhereGoOnWhenTheRootChanges() {
    stop();
    ProviderServer before =
        ProviderServer.start(
            directory, new MovableClock(), config -> config.publicationReserveBytes(0));
    JsonNode local = new PublicationClient(before).done("id\n1\n", "name", "old", "share", "s");
    assertThat(local.path("storage_location").asText()).startsWith("file:");
    before.close();
    start();
    PublicationClient client = new PublicationClient(server());
    String token = server().recipient("acme").path("bearerToken").asText();
    server().grant("s", "acme");
    assertThat(client.done("id\n2\n", "name", "old", "mode", "append").path("storage_location"))
        .isEqualTo(local.path("storage_location"));
    JsonNode stored = client.done("id\n1\n", "name", "new", "share", "s");
    assertThat(stored.path("storage_location").asText())
        .startsWith("s3a://" + bucket + "/pub/tables/new-");
    for (String table : List.of("old", "new")) {
      String url =
          ServerClient.actions(
                  server().query(token, "s/schemas/default/tables/" + table, "{}"), "file")
              .get(0)
              .path("url")
              .asText();
      assertThat(ServerClient.fetch(url).statusCode()).as(table).isEqualTo(200);
      assertThat(
              server().admin("DELETE", "/publications/" + table + "?purge=true", "").statusCode())
          .isEqualTo(204);
    }
    assertThat(leftovers()).isEmpty();
  }

  @Test
  void aStoreThatRefusesIsSaidWithoutAnySecret() {
    PublicationClient client = new PublicationClient(server());
    store.revoke(key);
    assertThat(client.refused(500, "id\n1\n", "name", "a"))
        .contains("s3a://" + bucket + "/pub/tables")
        .contains("credential may not write")
        .doesNotContain(SECRET)
        .doesNotContain(key.id());
    assertThat(leftovers()).isEmpty();
    assertThat(server().admin("GET", "/publications", "").body()).isEqualTo("{\"items\":[]}");
  }
}
