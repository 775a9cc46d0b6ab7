/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.deltasharing.server.config.ShareConfig;
import io.github.deltasharing.server.config.ShareConfigReader;
import io.github.deltasharing.testing.WrittenIceberg;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.RowDelta;
import org.apache.iceberg.Table;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A server that keeps the file lists of Iceberg tables in memory answers as one that reads the
 * manifests for each query, and reads few of them.
 */
@Tag("unit")
class IcebergFileListTest {
  private static final String[] CAPABILITIES = {
    "delta-sharing-capabilities", ServerClient.DELTA_ALL + ";includeendstreamaction=true"
  };

  private static final List<String> BODIES =
      List.of(
          "{}",
          "{\"limitHint\":1}",
          "{\"limitHint\":25}",
          """
          {"jsonPredicateHints":"{\\"op\\":\\"lessThan\\",\\"children\\":[{\\"op\\":\\"column\\",\\"name\\":\\"id\\",\\"valueType\\":\\"long\\"},{\\"op\\":\\"literal\\",\\"value\\":\\"100\\",\\"valueType\\":\\"long\\"}]}"}
          """);

  @TempDir Path directory;

  private SharingServer memory;
  private SharingServer reading;
  private WrittenIceberg written;
  private int files;

  @BeforeEach
  void serve() throws IOException {
    memory = start(64 << 20);
    reading = start(0);
  }

  private SharingServer start(long budget) throws IOException {
    Path file = directory.resolve("share.yaml");
    Files.writeString(
        file,
        """
        port: 0
        authorization: {bearerToken: %s}
        signingKey: 0123456789abcdef0123456789abcdef
        fileListCacheBytes: %d
        catalogs: [{name: lake, type: hadoop, warehouse: lake}]
        shares:
        - name: Retail
          schemas:
          - name: s
            tables:
            - {name: t, location: 'iceberg://lake/db/t', historyShared: true}
            - {name: side, location: 'iceberg://lake/db/t?ref=side', historyShared: true}
        """
            .formatted(ServerTables.TOKEN, budget));
    ShareConfig config = ShareConfigReader.read(file).build();
    return SharingServer.start(
        config, record -> {}, Clock.fixed(Instant.parse("2026-11-28T12:00:00Z"), ZoneOffset.UTC));
  }

  @AfterEach
  void stop() {
    memory.close();
    reading.close();
  }

  private void create(int formatVersion) {
    written =
        WrittenIceberg.create(
            directory.resolve("lake/db/t"),
            WrittenIceberg.SCHEMA,
            PartitionSpec.unpartitioned(),
            Map.of(
                "format-version",
                String.valueOf(formatVersion),
                "commit.manifest.min-count-to-merge",
                "4"));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void answersAreThoseOfTheManifests(long seed) {
    Random random = new Random(seed);
    int format = 1 + (int) (seed % 3);
    create(format);
    List<DataFile> live = new ArrayList<>();
    append(live, 3);
    for (int step = 0; step < 20; step++) {
      String what = commit(random, live, format);
      for (String body : BODIES) {
        assertThat(lines(memory, "t", body))
            .as("step %d: %s, %s", step, what, body)
            .isEqualTo(lines(reading, "t", body));
      }
      assertThat(pages(memory)).as(what).isEqualTo(pages(reading));
      if (written.table().refs().containsKey("side")) {
        assertThat(lines(memory, "side", "{}")).isEqualTo(lines(reading, "side", "{}"));
      }
    }
  }

  /** One commit of some kind; returns which. */
  private String commit(Random random, List<DataFile> live, int format) {
    Table table = written.table();
    switch (random.nextInt(11)) {
      case 0, 1, 2 -> {
        append(live, 1 + random.nextInt(3));
        return "append";
      }
      case 3 -> {
        DataFile file = file();
        table.newFastAppend().appendFile(file).commit();
        live.add(file);
        return "fast append";
      }
      case 4, 5 -> {
        if (live.size() < 2) {
          append(live, 3);
        }
        DataFile file = live.remove(random.nextInt(live.size()));
        table.newDelete().deleteFile(file).commit();
        return "delete";
      }
      case 6 -> {
        DataFile gone = live.remove(random.nextInt(live.size()));
        DataFile come = file();
        table.newOverwrite().deleteFile(gone).addFile(come).commit();
        live.add(come);
        return "overwrite";
      }
      case 7 -> {
        table.rewriteManifests().clusterBy(file -> file.location().length()).commit();
        return "rewritten manifests";
      }
      case 8 -> {
        if (table.schema().findField("more") == null) {
          table.updateSchema().addColumn("more", Types.LongType.get()).commit();
          return "added column";
        }
        table.updateProperties().set("p", String.valueOf(random.nextInt())).commit();
        return "property";
      }
      case 9 -> {
        if (!table.refs().containsKey("side")) {
          table.manageSnapshots().createBranch("side").commit();
        }
        table.newAppend().appendFile(file()).toBranch("side").commit();
        return "branch";
      }
      default -> {
        if (format < 3) {
          append(live, 1);
          return "append";
        }
        // A file that has no vector yet.
        append(live, 1);
        DataFile last = live.get(live.size() - 1);
        String name = last.location().substring(last.location().lastIndexOf('/') + 1);
        RowDelta delta = table.newRowDelta();
        delta.addDeletes(written.vector(name, files % 10)).commit();
        return "vector";
      }
    }
  }

  private DataFile file() {
    int number = files++;
    return written.built("f" + number + ".parquet", 10L * number);
  }

  private void append(List<DataFile> live, int count) {
    var append = written.table().newAppend();
    for (int i = 0; i < count; i++) {
      DataFile file = file();
      append.appendFile(file);
      live.add(file);
    }
    append.commit();
  }

  @Test
  void manifestsAreReadOnce() throws IOException {
    create(2);
    append(new ArrayList<>(), 3);
    List<String> first = lines(memory, "t", "{}");
    removeManifests();
    assertThat(lines(memory, "t", "{}")).isEqualTo(first);
    assertThat(lines(reading, "t", "{}").get(0)).contains("\"errorCode\"");
    // Of a newer version only those that are new.
    DataFile newer = file();
    written.table().newFastAppend().appendFile(newer).commit();
    assertThat(lines(memory, "t", "{}")).hasSize(first.size() + 1);
  }

  /** The list of an earlier version's manifests is needed for nothing but to read fewer. */
  @Test
  void whatIsGoneOfAnEarlierVersionIsNotNeeded() throws IOException {
    create(2);
    append(new ArrayList<>(), 3);
    List<String> first = lines(memory, "t", "{}");
    Path earlier =
        Path.of(
            written.table().currentSnapshot().manifestListLocation().replaceFirst("^file:", ""));
    written.table().newFastAppend().appendFile(file()).commit();
    Files.delete(earlier);
    assertThat(lines(memory, "t", "{}")).hasSize(first.size() + 1);
  }

  /** Of another branch, with deletes, is the newest of the versions that are in memory. */
  @Test
  void anEarlierVersionOfTheSameBranchIsEnough() throws IOException {
    create(3);
    List<DataFile> live = new ArrayList<>();
    append(live, 3);
    List<String> first = lines(memory, "t", "{}");
    written.table().manageSnapshots().createBranch("side").commit();
    String name = live.get(0).location().replaceFirst(".*/", "");
    written.table().newRowDelta().addDeletes(written.vector(name, 3)).toBranch("side").commit();
    assertThat(lines(memory, "side", "{}")).anyMatch(line -> line.contains("deletionVector\":{"));
    removeManifests();
    written.table().newFastAppend().appendFile(file()).commit();
    assertThat(lines(memory, "t", "{}")).hasSize(first.size() + 1);
  }

  /** The manifests are gone, their lists are not. */
  private void removeManifests() throws IOException {
    try (Stream<Path> metadata = Files.list(written.directory().resolve("metadata"))) {
      for (Path file : metadata.toList()) {
        String name = file.getFileName().toString();
        if (name.endsWith(".avro") && !name.startsWith("snap-")) {
          Files.delete(file);
        }
      }
    }
  }

  /** Which recipients would read once: it is refused, whatever is in memory. */
  @Test
  void aFileThatIsAddedTwiceIsRefused() {
    create(2);
    List<DataFile> live = new ArrayList<>();
    append(live, 3);
    assertThat(lines(memory, "t", "{}")).hasSize(6);
    written.table().newFastAppend().appendFile(live.get(1)).commit();
    assertThat(lines(memory, "t", "{}"))
        .hasSize(1)
        .first()
        .asString()
        .contains("it has a data file twice");
  }

  /** Without order; or the refusal. */
  private List<String> lines(SharingServer server, String table, String body) {
    HttpResponse<String> response =
        new ServerClient(server).query("s." + table, body, CAPABILITIES);
    List<String> lines =
        new ArrayList<>(
            response.body().replace(":" + server.uri().getPort() + "/", ":1/").lines().toList());
    lines.sort(null);
    return lines;
  }

  /** All pages of five files, in their order. */
  private List<List<String>> pages(SharingServer server) {
    List<List<String>> pages = new ArrayList<>();
    String body = "{\"maxFiles\":5}";
    while (body != null) {
      HttpResponse<String> response = new ServerClient(server).query("s.t", body, CAPABILITIES);
      List<String> ids = new ArrayList<>();
      ServerClient.actions(response, "file").forEach(file -> ids.add(file.path("id").asText()));
      pages.add(ids);
      String token =
          ServerClient.actions(response, "endStreamAction").get(0).path("nextPageToken").asText();
      body = token.isEmpty() ? null : "{\"maxFiles\":5,\"pageToken\":\"" + token + "\"}";
    }
    return pages;
  }
}
