/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.deltasharing.server.config.TlsConfig;
import io.github.deltasharing.testing.Rows;
import io.github.deltasharing.testing.SocketServer;
import io.github.deltasharing.testing.TestCertificates;
import io.github.deltasharing.testing.TestProxy;
import io.github.deltasharing.testing.TestShare;
import io.github.deltasharing.testing.TestSpark;
import io.github.deltasharing.testing.TlsSockets;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Reads where nothing is reached directly: names that a proxy alone knows, certificates of an own
 * authority, a gateway that wants certificates of its clients. The tables have a deletion vector,
 * which is fetched like data.
 */
@Timeout(120)
class NetworkTest {
  private static final String TABLE = "deleted";
  private static final String HOST = "sharing.invalid";
  private static final String PROXY_PASSWORD = "canary-of:proxy";

  @TempDir static Path directory;
  static TestCertificates certificates;
  static TestShare plain;
  static TestShare encrypted;
  static TestProxy proxy;
  static SocketServer gateway;
  static String authority;
  static String clientKey;
  static List<String> expected;

  @BeforeAll
  static void start() throws Exception {
    SparkSession spark = TestSpark.session();
    String delta = "delta.`" + directory.resolve(TABLE) + "`";
    spark.sql(
        "CREATE TABLE "
            + delta
            + " USING delta TBLPROPERTIES (delta.enableDeletionVectors = true)"
            + " AS SELECT id, sha2(string(id), 256) AS hash FROM range(0, 3000, 1, 3)");
    spark.sql("DELETE FROM " + delta + " WHERE id % 7 = 0");
    expected = Rows.of(spark.sql("SELECT * FROM " + delta));

    certificates = new TestCertificates();
    authority = certificates.pem(directory.resolve("ca.pem")).toString();
    clientKey = certificates.keyPem(directory.resolve("client.pem")).toString();
    List<Path> pems = certificates.serverPems(directory, HOST, "localhost");
    plain = TestShare.of(directory, List.of(TABLE));
    encrypted =
        TestShare.of(
            directory,
            List.of(TABLE),
            config -> config.tls(TlsConfig.ofFiles(pems.get(0), pems.get(1))));
    proxy =
        new TestProxy(
            Map.of(HOST + ":80", port(plain), HOST + ":443", port(encrypted)),
            "ada:" + PROXY_PASSWORD);
    gateway = gateway(certificates.server("localhost"));
  }

  @AfterAll
  static void stop() {
    gateway.close();
    proxy.close();
    encrypted.close();
    plain.close();
  }

  private static int port(TestShare share) {
    return share.server().uri().getPort();
  }

  /** Passes on to the server what clients with a certificate of the authority send. */
  private static SocketServer gateway(SSLContext context) {
    return new SocketServer(
        new TlsSockets(
            context,
            socket -> {
              socket.setNeedClientAuth(true);
              return socket;
            }),
        client -> {
          try (Socket onward =
              context.getSocketFactory().createSocket("localhost", port(encrypted))) {
            TestProxy.joined(client, onward);
          }
        });
  }

  private static Dataset<Row> read(String endpoint, Map<String, String> options) {
    Path profile = directory.resolve(endpoint.replaceAll("\\W", "_") + ".share");
    TestShare.writeProfile(profile, endpoint, TestShare.CANARY);
    return TestSpark.session()
        .read()
        .format("deltaSharing")
        .option("retrySleepInterval", "10ms")
        .options(options)
        .load(profile + "#share.schema." + TABLE);
  }

  private static String endpoint(String scheme) {
    return scheme + "://" + HOST + plain.server().uri().getPath();
  }

  private static Map<String, String> throughProxy(String... more) {
    Map<String, String> options =
        new HashMap<>(
            Map.of(
                "proxyHost",
                "localhost",
                "proxyPort",
                "" + proxy.port(),
                "proxyUser",
                "ada",
                "proxyPassword",
                PROXY_PASSWORD,
                "allowPlainHttp",
                "true",
                "sslTrustStore",
                authority));
    for (int i = 0; i < more.length; i += 2) {
      options.put(more[i], more[i + 1]);
    }
    return options;
  }

  @Test
  void everyHopIsSentToTheProxyThatAloneKnowsTheName() {
    proxy.forget();
    assertThat(Rows.of(read(endpoint("http"), throughProxy()))).isEqualTo(expected);
    assertThat(proxy.requests())
        .allMatch(request -> request.contains(" http://" + HOST + "/"))
        .anyMatch(request -> request.contains("/metadata"))
        .anyMatch(request -> request.contains("/query"))
        .anyMatch(request -> request.contains(".parquet?"))
        .anyMatch(request -> request.contains("deletion_vector"));
  }

  @Test
  void withTlsEveryConnectionIsATunnelOfTheProxys() {
    proxy.forget();
    encrypted.takeRequests();
    Dataset<Row> read = read(endpoint("https"), throughProxy());
    assertThat(Rows.of(read)).isEqualTo(expected);
    assertThat(proxy.requests()).isNotEmpty().allMatch(("CONNECT " + HOST + ":443")::equals);
    assertThat(encrypted.takeRequests()).containsKeys("metadata", "query", "file");
    assertThat(read.queryExecution().toString()).doesNotContain(PROXY_PASSWORD);
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "https"})
  void withoutTheProxyThereIsNoWay(String scheme) {
    assertThatThrownBy(
            () -> read(endpoint(scheme), Map.of("numRetries", "0", "allowPlainHttp", "true")))
        .hasMessageContaining("the host's name cannot be resolved")
        .hasMessageContaining("'proxyHost'");
    assertThatThrownBy(
            () ->
                read(
                    endpoint(scheme), throughProxy("noProxyHosts", "*.invalid", "numRetries", "0")))
        .hasMessageContaining("the host's name cannot be resolved");
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "https"})
  void aProxyThatDoesNotKnowThePassword(String scheme) {
    assertThatThrownBy(() -> read(endpoint(scheme), throughProxy("proxyPassword", "canary-other")))
        .hasMessageContaining("HTTP 407")
        .hasMessageContaining("'proxyUser' and 'proxyPassword'")
        .hasMessageNotContaining("canary");
  }

  @Test
  void anAuthorityThatIsNotTrusted() {
    Map<String, String> options = throughProxy();
    options.remove("sslTrustStore");
    assertThatThrownBy(() -> read(endpoint("https"), options))
        .hasMessageContaining("TLS failed: ")
        .hasMessageContaining("in the option 'sslTrustStore'");
  }

  /** Options of the session; the file by a URI of Hadoop's. */
  @Test
  void theTrustStoreMayBeTheSessions() throws Exception {
    Path store = certificates.trustStore(directory.resolve("ca.p12"));
    Map<String, String> confs =
        Map.of(
            "spark.datasource.deltaSharing.sslTrustStore",
            store.toUri().toString(),
            "spark.datasource.deltaSharing.sslTrustStorePassword",
            TestCertificates.PASSWORD);
    String endpoint = "https://localhost:" + port(encrypted) + plain.server().uri().getPath();
    confs.forEach(TestSpark.session().conf()::set);
    try {
      assertThat(Rows.of(read(endpoint, Map.of()))).isEqualTo(expected);
    } finally {
      confs.keySet().forEach(TestSpark.session().conf()::unset);
    }
    assertThatThrownBy(
            () -> read(endpoint, Map.of("sslTrustStore", "file:" + directory + "/missing.pem")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Option 'sslTrustStore' names the file");
  }

  private static String behindGateway() {
    return "https://localhost:" + gateway.port() + plain.server().uri().getPath();
  }

  @Test
  void aGatewayThatWantsACertificateGetsItFromDriverAndExecutors() {
    Map<String, String> options =
        Map.of(
            "sslTrustStore", authority,
            "sslKeyStore", clientKey,
            "sslKeyStoreOnExecutors", "true");
    assertThat(Rows.of(read(behindGateway(), options))).isEqualTo(expected);
  }

  @Test
  void withoutOneItLetsNobodyIn() {
    assertThatThrownBy(() -> read(behindGateway(), Map.of("sslTrustStore", authority)))
        .hasMessageContaining("'sslKeyStore'");
  }

  @Test
  void theKeyStaysOnTheDriverUnlessAnOptionSendsItOn() {
    Dataset<Row> read =
        read(behindGateway(), Map.of("sslTrustStore", authority, "sslKeyStore", clientKey));
    assertThatThrownBy(read::collect)
        .hasStackTraceContaining("Reading share.schema." + TABLE + " failed: file ")
        .hasStackTraceContaining("'sslKeyStoreOnExecutors'");
  }

  @Test
  void aKeyAsAnOptionsValueIsRefused() throws Exception {
    String key = Files.readString(Path.of(clientKey));
    assertThatThrownBy(() -> read(behindGateway(), Map.of("sslKeyStore", key)))
        .hasMessageContaining("Put it into a file")
        .hasMessageNotContaining(key.lines().skip(1).findFirst().orElseThrow());
  }
}
