/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.deltasharing.read.FileScanTask;
import io.github.deltasharing.read.SharingInputPartition;
import io.github.deltasharing.testing.ScanNodes;
import io.github.deltasharing.testing.Serialised;
import io.github.deltasharing.testing.StubAnswer;
import io.github.deltasharing.testing.StubServer;
import io.github.deltasharing.testing.TestShare;
import io.github.deltasharing.testing.TestSpark;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.connector.read.streaming.Offset;
import org.apache.spark.sql.connector.read.streaming.ReadLimit;
import org.apache.spark.sql.execution.datasources.v2.BatchScanExec;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import scala.collection.JavaConverters;

/** What a plan's partitions are made of, and how large they are on their way to executors. */
class PlanSizeTest {
  private static final String TABLE = "/api/shares/share/schemas/schema/tables/t";
  private static final int URL_LENGTH = 1_000;
  private static final long LARGE = 128 << 20;
  private static final long SMALL = 100_000;

  @TempDir Path directory;
  private final StubServer server = new StubServer();
  private String table;

  @BeforeEach
  void profile() throws IOException {
    Path profile = directory.resolve("p.share");
    TestShare.writeProfile(profile, server.url("/api"), TestShare.CANARY);
    table = profile + "#share.schema.t";
  }

  @AfterEach
  void close() {
    server.close();
  }

  private static String url(int file) {
    String name =
        "https://store.example/warehouse/t/p=%d/part-%08x.parquet?token="
            .formatted(file % 3, file * 7919);
    String signature = "&signature=" + "%016x".formatted(file * 0x9E3779B97F4A7C15L).repeat(4);
    return name + "T".repeat(URL_LENGTH - name.length() - signature.length()) + signature;
  }

  private static String line(int file, long size) {
    return "{\"file\":{\"version\":1,\"timestamp\":1700000000000,\"url\":\"%s\",\"id\":\"%032x\",\"size\":%d,\"partitionValues\":{\"p\":\"%d\"},\"stats\":\"{\\\"numRecords\\\":%d}\"}}"
        .formatted(url(file), file, size, file % 3, file);
  }

  private void serve(int files, long size, String end) {
    List<String> lines = new ArrayList<>();
    lines.add("{\"protocol\":{\"minReaderVersion\":1}}");
    lines.add(
        "{\"metaData\":{\"id\":\"m\",\"format\":{\"provider\":\"parquet\"},\"schemaString\":\"{\\\"type\\\":\\\"struct\\\",\\\"fields\\\":[%s,%s]}\",\"partitionColumns\":[\"p\"]}}"
            .formatted(column("a"), column("p")));
    StubAnswer metadata = answer(lines);
    for (int i = 0; i < files; i++) {
      lines.add(line(i, size));
    }
    lines.add("{\"endStreamAction\":" + end + "}");
    server.on(TABLE + "/metadata", metadata);
    server.on(TABLE + "/query", answer(lines));
    server.on(
        TABLE + "/changes",
        answer(lines.stream().map(line -> line.replace("{\"file\":", "{\"add\":")).toList()));
    server.on(TABLE + "/version", StubAnswer.ndjson("").withHeader("Delta-Table-Version", "1"));
  }

  private static final Map<String, String> CHANGES =
      Map.of("readChangeFeed", "true", "startingVersion", "1");

  private List<SharingInputPartition> plan(int files, long size, String end) {
    return plan(files, size, end, Map.of());
  }

  private List<SharingInputPartition> plan(
      int files, long size, String end, Map<String, String> options) {
    serve(files, size, end);
    Dataset<Row> scan =
        TestSpark.session().read().format("deltaSharing").options(options).load(table);
    BatchScanExec node =
        (BatchScanExec)
            ScanNodes.nodes(scan).stream()
                .filter(BatchScanExec.class::isInstance)
                .findFirst()
                .orElseThrow();
    return JavaConverters.seqAsJavaList(node.inputPartitions()).stream()
        .map(SharingInputPartition.class::cast)
        .toList();
  }

  private static StubAnswer answer(List<String> lines) {
    return StubAnswer.ndjson(lines.toArray(new String[0])).withHeader("Delta-Table-Version", "1");
  }

  private static String column(String name) {
    return "{\\\"name\\\":\\\"%s\\\",\\\"type\\\":\\\"integer\\\",\\\"nullable\\\":true,\\\"metadata\\\":{}}"
        .formatted(name);
  }

  private static int largest(
      List<SharingInputPartition> partitions, ToIntFunction<Object> serialised) {
    return partitions.stream().mapToInt(serialised).max().orElseThrow();
  }

  @Test
  void aSplitIsAsLargeInALargePlanAsInASmallOne() {
    List<SharingInputPartition> few = plan(20, LARGE, "{}");
    List<SharingInputPartition> many = plan(3_000, LARGE, "{}");
    assertThat(few).hasSize(20);
    assertThat(many).hasSize(3_000);
    List<ToIntFunction<Object>> ways =
        List.of(o -> Serialised.bytesByJava(o).length, o -> Serialised.bytesByKryo(o).length);
    for (ToIntFunction<Object> way : ways) {
      assertThat(largest(many, way)).isLessThan(largest(few, way) + 100).isLessThan(2_500);
    }
  }

  /** The first batch of a stream: the table as it is. */
  private List<SharingInputPartition> planFirstBatch(int files, Map<String, String> options) {
    serve(files, SMALL, "{}");
    Map<String, String> all = new HashMap<>(options);
    all.put("path", table);
    CaseInsensitiveStringMap map = new CaseInsensitiveStringMap(all);
    ReadOnlyTable loaded = (ReadOnlyTable) new DeltaSharingProvider().getTable(null, null, map);
    SharingMicroBatchStream stream =
        (SharingMicroBatchStream) loaded.newScanBuilder(map).build().toMicroBatchStream("unused");
    Offset start = stream.initialOffset();
    Offset end = stream.latestOffset(start, ReadLimit.allAvailable());
    return Arrays.stream(stream.planInputPartitions(start, end))
        .map(SharingInputPartition.class::cast)
        .toList();
  }

  @Test
  void aSplitOfManyFilesHasWhatTheirUrlsShareOnce() {
    for (List<SharingInputPartition> partitions :
        List.of(
            plan(300, SMALL, "{}"),
            plan(300, SMALL, "{}", CHANGES),
            planFirstBatch(300, Map.of()),
            planFirstBatch(300, Map.of("readChangeFeed", "true")))) {
      assertUrlsAreShared(partitions.get(0));
    }
  }

  private static void assertUrlsAreShared(SharingInputPartition large) {
    int urls = large.splits().size() * URL_LENGTH;
    assertThat(large.splits()).hasSizeGreaterThan(10);
    assertThat(Serialised.bytesByJava(large).length).isLessThan(urls / 2);
    assertThat(Serialised.bytesByKryo(large).length).isLessThan(urls / 2);
  }

  @Test
  void splitsArriveWithTheUrlsThatTheServerGave() {
    List<FileScanTask> arrived = new ArrayList<>();
    for (SharingInputPartition partition : plan(300, SMALL, "{}")) {
      arrived.addAll(Serialised.byJava(partition).splits());
      arrived.addAll(Serialised.byKryo(partition).splits());
    }
    assertThat(arrived).hasSize(600);
    for (FileScanTask split : arrived) {
      int file = Integer.parseInt(split.file().id(), 16);
      assertThat(split.file().url().secret()).isEqualTo(url(file));
      assertThat(split.partitionValues()).containsExactly("" + file % 3);
      assertThat(split.toString() + split.file() + split.file().url())
          .doesNotContain("signature")
          .doesNotContain("token");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void urlsEndWhenTheAnswerSaysSoWhereNoFileDoes(boolean changes) {
    Map<String, String> options = changes ? CHANGES : Map.of();
    long end = System.currentTimeMillis() + 30_000_000;
    for (SharingInputPartition partition :
        plan(3, LARGE, "{\"minUrlExpirationTimestamp\":" + end + "}", options)) {
      assertThat(partition.splits().get(0).file().refreshAt()).isEqualTo(end - 60_000);
    }
    for (SharingInputPartition partition : plan(3, LARGE, "{}", options)) {
      assertThat(partition.splits().get(0).file().refreshAt()).isLessThan(end - 1_000_000);
    }
  }
}
