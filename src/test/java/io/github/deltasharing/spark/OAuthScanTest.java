/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.deltasharing.testing.IdentityProvider;
import io.github.deltasharing.testing.Rows;
import io.github.deltasharing.testing.SignedInShare;
import io.github.deltasharing.testing.TestShare;
import io.github.deltasharing.testing.TestSpark;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.spark.api.java.function.FilterFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.connector.read.Batch;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Scans that outlive the tokens with which they sign in: URLs of two seconds make each of them sign
 * in again while it runs.
 */
class OAuthScanTest {
  private static final int LIFE_SECONDS = 2;

  @TempDir static Path directory;
  static IdentityProvider idp;
  static TestShare share;

  @BeforeAll
  static void write() {
    TestSpark.session()
        .range(0, 200, 1, 20)
        .write()
        .format("delta")
        .save(directory.resolve("t").toString());
    idp = new IdentityProvider(LIFE_SECONDS);
    share =
        TestShare.of(
            directory, List.of("t"), config -> config.preSignedUrlTimeoutSeconds(LIFE_SECONDS));
  }

  @AfterAll
  static void stop() {
    share.close();
    idp.close();
  }

  private static Map<String, String> client(SignedInShare server, String id) {
    return Map.of(
        "shareCredentialsType",
        "oauth_client_credentials",
        "endpoint",
        server.endpoint(),
        "tokenEndpoint",
        idp.tokenEndpoint(),
        "clientId",
        id,
        "clientSecret",
        "canary-of-the-client");
  }

  /** Takes 4 seconds or more, with two tasks at a time, and reads each file when it is due. */
  private static Dataset<Row> slowly(Map<String, String> options) {
    Map<String, String> all = new HashMap<>(options);
    all.put("prefetchMemory", "0");
    return TestSpark.session()
        .read()
        .format("deltaSharing")
        .options(all)
        .load("share.schema.t")
        .filter(
            (FilterFunction<Row>)
                row -> {
                  Thread.sleep(row.getLong(0) % 5 == 0 ? 200 : 0);
                  return true;
                });
  }

  @Test
  void aTokenThatExpiresWhileAScanRuns() {
    try (SignedInShare server = new SignedInShare(share, token -> idp.verified(token) != null)) {
      Dataset<Row> rows = slowly(client(server, "client"));
      assertThat(Rows.of(rows)).hasSize(200).doesNotHaveDuplicates();
      assertThat(server.tokens()).hasSizeGreaterThan(1);
      assertThat(rows.queryExecution().toString()).doesNotContain("canary", "eyJ");
    }
  }

  @Test
  void aWorkloadsTokenThatIsReplacedWhileAScanRuns() throws Exception {
    AtomicReference<String> good = new AtomicReference<>(idp.issue("pod"));
    Path file = Files.writeString(directory.resolve("token"), good.get());
    try (SignedInShare server = new SignedInShare(share, token -> token.equals(good.get()))) {
      CompletableFuture<Void> rotation =
          CompletableFuture.runAsync(
              () -> {
                try {
                  String token = idp.issue("pod");
                  Path next = Files.writeString(directory.resolve("next"), token);
                  Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
                  good.set(token);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              },
              CompletableFuture.delayedExecutor(1500, TimeUnit.MILLISECONDS));
      Map<String, String> options =
          Map.of(
              "type",
              "workload_token_file",
              "endpoint",
              server.endpoint(),
              "tokenFile",
              file.toString(),
              "workloadIdentityHosts",
              "127.0.0.1");
      assertThat(Rows.of(slowly(options))).hasSize(200).doesNotHaveDuplicates();
      rotation.get(20, TimeUnit.SECONDS);
      assertThat(server.tokens()).hasSize(2);
      assertThat(server.refused())
          .as("the old token, once for each thread at most")
          .isBetween(1, 4);
    }
  }

  /** What plans and caches compare outlives a token, and tells clients apart. */
  @Test
  void aClientIsOneRecipientWhateverItsTokenAndAnotherClientIsAnother() throws Exception {
    try (SignedInShare server = new SignedInShare(share, token -> idp.verified(token) != null)) {
      Batch first = batch(client(server, "one"));
      TimeUnit.SECONDS.sleep(LIFE_SECONDS + 1);
      Batch later = batch(client(server, "one"));
      assertThat(server.tokens()).hasSizeGreaterThan(1);
      assertThat(later).isEqualTo(first).hasSameHashCodeAs(first);
      assertThat(batch(client(server, "two"))).isNotEqualTo(first);
    }
  }

  private static Batch batch(Map<String, String> options) {
    Map<String, String> all = new HashMap<>(options);
    all.put("path", "share.schema.t");
    CaseInsensitiveStringMap map = new CaseInsensitiveStringMap(all);
    DeltaSharingProvider provider = new DeltaSharingProvider();
    provider.inferSchema(map);
    ReadOnlyTable table = (ReadOnlyTable) provider.getTable(null, null, map);
    return table.newScanBuilder(map).build().toBatch();
  }
}
