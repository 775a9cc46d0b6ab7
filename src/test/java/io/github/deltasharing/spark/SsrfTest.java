/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.deltasharing.testing.StubAnswer;
import io.github.deltasharing.testing.StubServer;
import io.github.deltasharing.testing.TestShare;
import io.github.deltasharing.testing.TestSpark;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A sharing server elsewhere whose files' URLs lead to a service on the machines that read them. It
 * and its store are reached through a proxy, which resolves their names; loopback is not.
 */
class SsrfTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String TABLE = "/delta-sharing/shares/share/schemas/schema/tables/t";
  private static final String PROTOCOL =
      "{\"protocol\":{\"deltaProtocol\":{\"minReaderVersion\":3,\"minWriterVersion\":7,"
          + "\"readerFeatures\":[\"deletionVectors\"],\"writerFeatures\":[\"deletionVectors\"]}}}";
  private static final String METADATA =
      "{\"metaData\":{\"deltaMetadata\":{\"id\":\"i\",\"format\":{\"provider\":\"parquet\"},\"schemaString\":"
          + "\"{\\\"type\\\":\\\"struct\\\",\\\"fields\\\":[{\\\"name\\\":\\\"a\\\",\\\"type\\\":\\\"long\\\","
          + "\\\"nullable\\\":true,\\\"metadata\\\":{}}]}\",\"partitionColumns\":[],\"configuration\":{}}}}";

  @TempDir static Path directory;

  private final StubServer outside = new StubServer();
  private final StubServer inside = new StubServer();

  /** How a URL that leads inside comes to an executor. */
  enum Way {
    FILE,
    DELETION_VECTOR,
    REDIRECT,
    REFRESHED
  }

  @AfterEach
  void close() {
    outside.close();
    inside.close();
  }

  private static String line(String file, String vector) {
    ObjectNode line = JSON.createObjectNode();
    ObjectNode add =
        line.putObject("file")
            .put("id", "f1")
            .putObject("deltaSingleAction")
            .putObject("add")
            .put("path", file)
            .put("size", 1000)
            .put("modificationTime", 0)
            .put("dataChange", true);
    add.putObject("partitionValues");
    if (vector != null) {
      add.putObject("deletionVector")
          .put("storageType", "p")
          .put("pathOrInlineDv", vector)
          .put("offset", 1)
          .put("sizeInBytes", 40)
          .put("cardinality", 1);
    }
    return line.toString();
  }

  private static StubAnswer lines(String... lines) {
    return StubAnswer.status(200)
        .withHeader("Content-Type", "application/x-ndjson; charset=utf-8")
        .withHeader(
            "delta-sharing-capabilities", "responseformat=delta;readerfeatures=deletionvectors")
        .withHeader("Delta-Table-Version", "0")
        .withBody(String.join("\n", lines) + "\n");
  }

  private void share(Way way) {
    share(way, "http://store.invalid/data?sig=canary");
  }

  private void share(Way way, String store) {
    String target = inside.url("/service?sig=canary");
    String first =
        switch (way) {
          case FILE -> line(target, null);
          case DELETION_VECTOR -> line(store, target);
          case REDIRECT, REFRESHED -> line(store, null);
        };
    outside
        .on(TABLE + "/metadata", lines(PROTOCOL, METADATA))
        .on(
            TABLE + "/query",
            lines(PROTOCOL, METADATA, first),
            lines(PROTOCOL, METADATA, way == Way.REFRESHED ? line(target, null) : first))
        .on(
            "/data",
            way == Way.REDIRECT
                ? StubAnswer.status(302).withHeader("Location", target)
                : StubAnswer.status(403));
  }

  private Throwable read(String endpoint, Map<String, String> more) {
    Path profile = directory.resolve("config-" + outside.port() + ".share");
    TestShare.writeProfile(profile, endpoint, TestShare.CANARY);
    Map<String, String> options = new HashMap<>(more);
    options.putIfAbsent("allowPlainHttp", "true");
    return catchThrowable(
        () ->
            TestSpark.session()
                .read()
                .format("deltaSharing")
                .option("numRetries", "0")
                .options(options)
                .load(profile + "#share.schema.t")
                .collectAsList());
  }

  private Map<String, String> throughProxy(String... more) {
    Map<String, String> options = new HashMap<>();
    options.put("proxyHost", "127.0.0.1");
    options.put("proxyPort", "" + outside.port());
    options.put("noProxyHosts", "127.0.0.1");
    for (int i = 0; i < more.length; i += 2) {
      options.put(more[i], more[i + 1]);
    }
    return options;
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void nothingIsRequestedInside(Way way) {
    share(way);
    Throwable refused = read("http://sharing.invalid/delta-sharing", throughProxy());
    assertThat(refused)
        .hasStackTraceContaining("share.schema.t")
        .hasStackTraceContaining("its host 127.0.0.1 is the machine itself")
        .hasStackTraceContaining("'storeHosts'");
    assertThat(inside.requests()).isEmpty();

    share(way);
    read(
        "http://sharing.invalid/delta-sharing",
        throughProxy("storeHosts", "store.invalid,127.0.0.1"));
    assertThat(inside.requests()).as("where it is allowed by name").isNotEmpty();
  }

  @Test
  void aServerOnThisMachineMayHaveItsStoreHereToo() {
    share(Way.FILE);
    read(outside.url("/delta-sharing"), Map.of("allowPlainHttp", "false"));
    assertThat(inside.requests()).isNotEmpty();
  }

  /** As {@code https://myhost} is where the hosts file says 127.0.1.1: not by its name alone. */
  @Test
  void aServerOnThisMachineMayHaveAnyName() {
    share(Way.FILE);
    read(outside.url("/delta-sharing").replace("127.0.0.1", "[::ffff:127.0.0.1]"), Map.of());
    assertThat(inside.requests()).isNotEmpty();
  }

  @Test
  void noTokenGoesToAnotherMachineWithoutTls() {
    share(Way.FILE);
    for (String endpoint :
        List.of(
            "http://sharing.invalid/delta-sharing",
            "http://localhost.evil.invalid/delta-sharing",
            "http://127.0.0.1.evil.invalid/delta-sharing")) {
      assertThat(read(endpoint, throughProxy("allowPlainHttp", "false")))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("http without TLS")
          .hasMessageContaining("'allowPlainHttp'")
          .hasMessageContaining("spark.datasource.deltaSharing.allowPlainHttp");
    }
    // To this machine, but by way of another one.
    assertThat(
            read(
                "http://localhost/delta-sharing",
                Map.of("proxyHost", "proxy.invalid", "proxyPort", "80", "allowPlainHttp", "false")))
        .hasMessageContaining("'allowPlainHttp'");
    assertThat(outside.requests()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(
      value = Way.class,
      names = {"FILE", "REDIRECT"})
  void theTokenGoesToTheEndpointOnly(Way way) {
    share(way, outside.url("/data?sig=canary"));
    read(outside.url("/delta-sharing"), Map.of());
    assertThat(outside.requests())
        .anySatisfy(r -> assertThat(r.header("authorization")).contains(TestShare.CANARY));
    assertThat(inside.requests())
        .isNotEmpty()
        .allSatisfy(r -> assertThat(r.headers().toString()).doesNotContain(TestShare.CANARY));

    outside.on(
        TABLE + "/metadata",
        StubAnswer.status(307).withHeader("Location", inside.url("/elsewhere")));
    inside.forget();
    assertThat(read(outside.url("/delta-sharing"), Map.of())).hasMessageContaining("HTTP 307");
    assertThat(inside.requests()).as("a redirect of the server").isEmpty();
  }
}
