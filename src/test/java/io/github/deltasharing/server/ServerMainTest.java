/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.deltasharing.server.config.ShareConfig;
import io.github.deltasharing.server.config.TlsConfig;
import io.github.deltasharing.server.http.TlsContext;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command line, the process, TLS. */
class ServerMainTest {
  @TempDir Path dir;

  @Test
  void firstLineNamesTheEndpointAndSigtermStops() throws Exception {
    Path config =
        Files.writeString(
            dir.resolve("share.yaml"),
            "authorization: {bearerToken: canary}\nnonsense: 1\nshares: [{name: s}]\n");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                ServerMain.class.getName(),
                "--config",
                config.toString(),
                "--port=0")
            .redirectError(dir.resolve("stderr").toFile())
            .start();
    try {
      BufferedReader out =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
      String first = out.readLine();
      assertThat(first).matches("listening on http://127\\.0\\.0\\.1:\\d+/delta-sharing");
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(first.substring("listening on ".length()) + "/shares"))
              .header("Authorization", "Bearer canary")
              .build();
      assertThat(ServerClient.send(request).body()).contains("\"s\"");
      // Not Process.destroy, which closes the streams.
      process.toHandle().destroy();
      assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(out.readLine()).isNull();
    } finally {
      process.destroyForcibly();
    }
    assertThat(Files.readString(dir.resolve("stderr")))
        .contains("Configuration key 'nonsense' is not known")
        .contains("endpoint=listShares")
        .contains("status=200")
        .doesNotContain("canary")
        .doesNotContain("Exception");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "--nonsense",
        "--config",
        "--config no/such/share.yaml",
        "--config share.yaml --port x",
        "--config share.yaml --port 70000",
        "--config share.yaml",
        "--config share.yaml --allow-anonymous --host no.such.host.invalid --port 0",
      })
  void wrongCommandLinesAndConfigurationsEndWithOneLine(String arguments) throws Exception {
    Path config = Files.writeString(dir.resolve("share.yaml"), "shares: []");
    String[] args =
        arguments.isEmpty()
            ? new String[0]
            : arguments.replace("share.yaml", config.toString()).split(" ", -1);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code =
        ServerMain.run(
            args,
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    assertThat(code).isEqualTo(2);
    assertThat(out.size()).isZero();
    assertThat(err.toString(StandardCharsets.UTF_8).lines()).hasSize(1);
    assertThat(err.toString(StandardCharsets.UTF_8)).doesNotContain("\tat ");
  }

  @Test
  void helpAndVersion() {
    for (String option : List.of("--help", "--version")) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
      assertThat(ServerMain.run(new String[] {option}, stream, stream)).isZero();
      assertThat(out.toString(StandardCharsets.UTF_8)).contains("delta-sharing-server");
    }
  }

  @Test
  void servesTlsWithACertificateOfItsOwn() throws Exception {
    checkTls(TlsConfig.ofSelfSigned());
  }

  @Test
  void servesTlsFromPemFiles() throws Exception {
    Path certificate = dir.resolve("cert.pem");
    Path key = dir.resolve("key.pem");
    var store = TlsContext.of(TlsConfig.ofSelfSigned(), "localhost").getKeyStore();
    try (JcaPEMWriter writer = new JcaPEMWriter(Files.newBufferedWriter(certificate))) {
      writer.writeObject(store.getCertificate("server"));
    }
    try (JcaPEMWriter writer = new JcaPEMWriter(Files.newBufferedWriter(key))) {
      writer.writeObject(store.getKey("server", new char[0]));
    }
    X509Certificate served = checkTls(TlsConfig.ofFiles(certificate, key));
    assertThat(served).isEqualTo(store.getCertificate("server"));
  }

  private static X509Certificate checkTls(TlsConfig tls) throws Exception {
    ShareConfig config =
        ShareConfig.builder()
            .port(0)
            .bearerToken("t")
            .tls(tls)
            .table("s", "a", "plain", ServerTables.directory("plain"))
            .build();
    SSLContext trustAll = SSLContext.getInstance("TLS");
    trustAll.init(null, new TrustManager[] {new TrustAll()}, new SecureRandom());
    HttpClient http = HttpClient.newBuilder().sslContext(trustAll).build();
    try (SharingServer server = SharingServer.start(config)) {
      assertThat(server.uri().toString()).startsWith("https://127.0.0.1:");
      HttpRequest query =
          HttpRequest.newBuilder(
                  URI.create(server.uri() + "/shares/s/schemas/a/tables/plain/query"))
              .header("Authorization", "Bearer t")
              .POST(HttpRequest.BodyPublishers.ofString("{}"))
              .build();
      var response = http.send(query, BodyHandlers.ofString());
      String url = ServerClient.actions(response, "file").get(0).path("url").asText();
      assertThat(url).startsWith("https://127.0.0.1:");
      var file =
          http.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString());
      assertThat(file.statusCode()).isEqualTo(200);
      return (X509Certificate) response.sslSession().get().getPeerCertificates()[0];
    }
  }

  /** For certificates that nobody vouches for. */
  private static final class TrustAll extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, java.net.Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, java.net.Socket socket) {}

    @Override
    public void checkClientTrusted(
        X509Certificate[] chain, String type, javax.net.ssl.SSLEngine engine) {}

    @Override
    public void checkServerTrusted(
        X509Certificate[] chain, String type, javax.net.ssl.SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
