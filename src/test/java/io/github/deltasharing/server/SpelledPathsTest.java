/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server;

import static io.github.deltasharing.server.ServerClient.actions;
import static io.github.deltasharing.server.ServerClient.message;
import static io.github.deltasharing.testing.WrittenLog.PROTOCOL;
import static io.github.deltasharing.testing.WrittenLog.SCHEMA;
import static io.github.deltasharing.testing.WrittenLog.add;
import static io.github.deltasharing.testing.WrittenLog.metadata;
import static io.github.deltasharing.testing.WrittenLog.remove;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.delta.kernel.Table;
import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.engine.Engine;
import io.github.deltasharing.protocol.FileIdScheme;
import io.github.deltasharing.server.share.SharedTable;
import io.github.deltasharing.server.storage.LocalStorage;
import io.github.deltasharing.source.TableFileIterator;
import io.github.deltasharing.source.delta.DeltaSources;
import io.github.deltasharing.testing.WrittenLog;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One file, many spellings: what a log adds by one and removes by another is gone. */
class SpelledPathsTest extends LogFixture {
  private static final String FILE = "day=1/part é%41.parquet";

  /** All ways to write {@link #FILE}; the table's directory has a blank in its name. */
  private List<String> spellings() {
    String encoded = "day=1/part%20%C3%A9%2541.parquet";
    String absolute = dir.toString().replace(" ", "%20") + "/" + encoded;
    String everything = "";
    for (byte b : FILE.getBytes(StandardCharsets.UTF_8)) {
      everything += b == '/' ? "/" : "%%%02x".formatted(b & 0xff);
    }
    return List.of(
        encoded,
        "./" + encoded,
        "day=1/.//part%20%c3%a9%2541.parquet",
        "day=2/../" + encoded,
        everything,
        "day=1/part é%2541.parquet",
        absolute,
        "file:" + absolute,
        "file://" + absolute,
        "FILE:" + absolute,
        "file:" + absolute.replace("/day", "/./day"));
  }

  private List<String> files() {
    HttpResponse<String> response = client.query("c.t", "{}");
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return actions(response, "file").stream().map(file -> file.path("id").asText()).toList();
  }

  @Test
  void whatIsRemovedByAnotherSpellingIsGone() {
    log.commit(0, PROTOCOL, metadata(SCHEMA), add("other.parquet"));
    int version = 1;
    for (String added : spellings()) {
      for (String removed : spellings()) {
        log.commit(version++, add(added));
        assertThat(files()).as(added).containsOnlyOnce(FileIdScheme.OWN.id(FILE)).hasSize(2);
        log.commit(version++, remove(removed));
        assertThat(files()).as("%s removed as %s", added, removed).hasSize(1);
      }
    }
  }

  @Test
  void whatIsAddedTwiceIsThereOnce() {
    log.commit(0, PROTOCOL, metadata(SCHEMA));
    int version = 1;
    for (String added : spellings()) {
      log.commit(version++, add(added));
      assertThat(files()).containsExactly(FileIdScheme.OWN.id(FILE));
    }
  }

  @Test
  void whatACheckpointHasIsRemovedByAnotherSpelling() throws IOException {
    Engine kernel = DefaultEngine.create(new Configuration());
    String[] uris = spellings().stream().filter(s -> !s.contains(" ")).toArray(String[]::new);
    for (int i = 0; i < uris.length; i++) {
      Path directory = Files.createDirectories(root.resolve("t" + i));
      WrittenLog own = new WrittenLog(directory);
      String added = uris[i].replace("a%20table", "t" + i);
      own.commit(0, PROTOCOL, metadata(SCHEMA), add(added), add("other.parquet"));
      Table.forPath(kernel, directory.toString()).checkpoint(kernel, 0);
      SharedTable table = ChangeTables.shared("t", directory);
      assertThat(paths(table)).containsExactlyInAnyOrder(FILE, "other.parquet");
      for (String removed : uris) {
        own.commit(1, remove(removed.replace("a%20table", "t" + i)));
        assertThat(paths(table))
            .as("%s, removed %s", added, removed)
            .containsExactly("other.parquet");
      }
    }
  }

  private static List<String> paths(SharedTable table) throws IOException {
    DeltaSources sources = new DeltaSources(1, false);
    List<String> paths = new ArrayList<>();
    try (TableFileIterator files =
        sources
            .open(table.fullName(), table.location(), new LocalStorage(table, null))
            .latest()
            .files()) {
      while (files.hasNext()) {
        paths.add(files.next().relativePath());
      }
    }
    return paths;
  }

  @Test
  void changesKnowAFileByOneId() {
    log.commit(0, PROTOCOL, metadata(SCHEMA, Map.of("delta.enableChangeDataFeed", "true")));
    int version = 1;
    for (String spelling : spellings()) {
      log.commit(version++, add(spelling));
      log.commit(version++, remove(spelling));
    }
    for (HttpResponse<String> response :
        List.of(
            client.changes("c.t", "startingVersion=0"),
            client.query("c.t", "{\"startingVersion\":0}"))) {
      for (String action : List.of("add", "remove")) {
        assertThat(actions(response, action))
            .hasSize(spellings().size())
            .allSatisfy(
                a -> assertThat(a.path("id").asText()).isEqualTo(FileIdScheme.OWN.id(FILE)));
      }
    }
  }

  /** Old writers said nothing of a removed file but its path. */
  @Test
  void removesWithoutSizeAreCompletedFromAnotherSpelling() {
    log.commit(0, PROTOCOL, metadata(SCHEMA));
    int version = 1;
    for (String spelling : spellings()) {
      log.commit(version, add("./" + FILE.replace("%", "%25")));
      log.commit(version + 1, "{\"remove\":{\"path\":\"" + spelling + "\",\"dataChange\":true}}");
      HttpResponse<String> changes =
          client.query("c.t", "{\"startingVersion\":%d}".formatted(version + 1));
      assertThat(actions(changes, "remove"))
          .singleElement()
          .satisfies(remove -> assertThat(remove.path("size").asInt()).isEqualTo(11));
      version += 2;
    }
  }

  @Test
  void theFileItselfIsServedByEverySpelling() throws IOException {
    Files.createDirectories(dir.resolve("day=1"));
    Files.writeString(dir.resolve(FILE), "hello world");
    int version = 0;
    for (String spelling : spellings()) {
      log.commit(version, PROTOCOL, metadata(SCHEMA), add(spelling));
      version++;
      JsonNode file = actions(client.query("c.t", "{}"), "file").get(0);
      assertThat(ServerClient.fetch(file.path("url").asText()).body())
          .asString(StandardCharsets.UTF_8)
          .isEqualTo("hello world");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "file:/elsewhere/f.parquet",
        "/elsewhere/f.parquet",
        "../f.parquet",
        "s3a://bucket/a b/{f}.parquet",
        "file://host/f.parquet",
        "%2E%2E/f.parquet",
      })
  void filesOfOtherPlacesAreRefusedUntilTheyAreRemoved(String path) {
    log.commit(0, PROTOCOL, metadata(SCHEMA), add(path), add("a.parquet"));
    HttpResponse<String> response = client.query("c.t", "{}");
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(message(response)).contains("Retail.c.t", "files outside its own directory");
    log.commit(1, remove(path));
    assertThat(files()).hasSize(1);
  }

  @Test
  void aTableBehindALinkKnowsItsFilesByBothNames() throws IOException {
    Path link = Files.createSymbolicLink(root.resolve("link"), dir);
    SharedTable table = ChangeTables.shared("t", link);
    log.commit(0, PROTOCOL, metadata(SCHEMA), add("a.parquet"), add("b.parquet"));
    log.commit(1, remove(dir.toRealPath().toString().replace(" ", "%20") + "/a.parquet"));
    log.commit(2, remove("file:" + link + "/b.parquet"));
    assertThat(paths(table)).isEmpty();
  }
}
