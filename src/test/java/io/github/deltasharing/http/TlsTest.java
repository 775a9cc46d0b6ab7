/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.deltasharing.options.HttpSettings;
import io.github.deltasharing.testing.LogCapture;
import io.github.deltasharing.testing.Serialised;
import io.github.deltasharing.testing.SocketServer;
import io.github.deltasharing.testing.TestCertificates;
import io.github.deltasharing.testing.TlsSockets;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.apache.logging.log4j.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Own authorities, client certificates, versions, hosts that Java's check does not know. */
@Timeout(60)
class TlsTest {
  @TempDir private Path directory;

  private final TestCertificates certificates = new TestCertificates();
  private SocketServer server;
  private SocketServer proxy;

  @AfterEach
  void close() {
    if (server != null) {
      server.close();
    }
    if (proxy != null) {
      proxy.close();
    }
  }

  private void serve(UnaryOperator<SSLServerSocket> change, String... names) throws Exception {
    server =
        new SocketServer(
            new TlsSockets(certificates.server(names), change),
            connection -> {
              while (SocketServer.head(connection) != null) {
                SocketServer.send(connection, "HTTP/1.1 200 OK\nContent-Length: 5\n\nhello");
              }
            });
  }

  private void serve(String... names) throws Exception {
    serve(socket -> socket, names);
  }

  private static String get(HttpSettings settings, String url) throws IOException {
    HttpResponse response =
        HttpTransport.toServers(settings).send(HttpRequest.get(HttpUrl.of(url)));
    String text = new String(response.body().readNBytes(5), StandardCharsets.US_ASCII);
    response.body().close();
    return text;
  }

  private String get(String... options) throws IOException {
    return get(RangeClientTest.settings(options), "https://localhost:" + server.port() + "/");
  }

  private String pem() throws Exception {
    return certificates.pem(directory.resolve("ca.pem")).toString();
  }

  /** How a read fails: with a cause that the option named in the advice cures. */
  private void assertFails(String advice, String... options) {
    IOException failure = catchThrowableOfType(IOException.class, () -> get(options));
    for (int i = 0; i < 10 && Failures.advice(failure) == null; i++) {
      // The server's alert may be lost when it closes the connection: a retry's is not, in the end.
      failure = catchThrowableOfType(IOException.class, () -> get(options));
    }
    assertThat(Failures.reason(failure) + ". " + Failures.advice(failure)).contains(advice);
  }

  @Test
  void anOwnAuthorityIsTrusted() throws Exception {
    serve("localhost");
    String pem = pem();
    String store = certificates.trustStore(directory.resolve("ca.p12")).toString();
    String jks = certificates.jks(directory.resolve("ca.jks")).toString();
    assertThat(get("sslTrustStore", pem)).isEqualTo("hello");
    assertThat(get("sslTrustStore", Path.of(pem).toUri().toString())).isEqualTo("hello");
    assertThat(get("sslTrustStore", Files.readString(Path.of(pem)).substring(16)))
        .as("the text itself")
        .isEqualTo("hello");
    for (String file : List.of(store, jks)) {
      assertThat(get("sslTrustStore", file, "sslTrustStorePassword", TestCertificates.PASSWORD))
          .isEqualTo("hello");
    }
    assertFails("'sslTrustStore'");
    assertThatThrownBy(() -> get())
        .isInstanceOfSatisfying(IOException.class, e -> assertThat(Failures.isOfTrust(e)).isTrue());
  }

  @Test
  void theJvmsAuthoritiesStayTrustedBesideIt() throws Exception {
    serve("localhost");
    String pem = new TestCertificates().pem(directory.resolve("other.pem")).toString();
    assertFails("'sslTrustStore'", "sslTrustStore", pem);
    Tls tls = new Tls(RangeClientTest.settings("sslTrustStore", pem).tls());
    TrustManagerFactory jvms =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    jvms.init((KeyStore) null);
    X509TrustManager manager = (X509TrustManager) jvms.getTrustManagers()[0];
    assertThat(tls.authorities()).isEqualTo(manager.getAcceptedIssuers().length + 1);
  }

  @Test
  void anAuthorityIsOfNoUseForAnotherHost() throws Exception {
    serve("other.example");
    assertFails("for another host", "sslTrustStore", pem());
  }

  @Test
  void aCertificateThatExpired() throws Exception {
    server =
        new SocketServer(
            new TlsSockets(certificates.expiredServer("localhost"), socket -> socket),
            SocketServer::head);
    assertFails("not valid at this time: check this machine's clock", "sslTrustStore", pem());
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void aServerThatWantsACertificateGetsTheClients(String version) throws Exception {
    serve(
        socket -> {
          socket.setNeedClientAuth(true);
          socket.setEnabledProtocols(new String[] {version});
          return socket;
        },
        "localhost");
    String key = certificates.keyStore(directory.resolve("client.p12")).toString();
    String keyPem = certificates.keyPem(directory.resolve("client.pem")).toString();
    String encrypted = certificates.encryptedKeyPem(directory.resolve("locked.pem")).toString();
    assertThat(get("sslTrustStore", pem(), "sslKeyStore", keyPem)).isEqualTo("hello");
    for (String file : List.of(key, encrypted)) {
      assertThat(
              get(
                  "sslTrustStore",
                  pem(),
                  "sslKeyStore",
                  file,
                  "sslKeyStorePassword",
                  TestCertificates.PASSWORD))
          .isEqualTo("hello");
    }
    assertFails("'sslKeyStore'", "sslTrustStore", pem());
    String others = new TestCertificates().keyPem(directory.resolve("other.pem")).toString();
    assertFails("'sslKeyStore'", "sslTrustStore", pem(), "sslKeyStore", others);
  }

  @Test
  void theClientsKeyGoesToExecutorsByAnOptionOnly() throws Exception {
    String key = certificates.keyPem(directory.resolve("client.pem")).toString();
    HttpSettings settings = RangeClientTest.settings("sslKeyStore", key, "sslTrustStore", pem());
    String secret = key.lines().findFirst().orElseThrow();
    assertThat(settings.tls().clientKey()).isNotNull();
    assertThat(settings.forExecutors().tls().clientKey()).isNull();
    assertThat(settings.forExecutors().tls().authorities()).isNotNull();
    HttpSettings sent =
        RangeClientTest.settings("sslKeyStore", key, "sslKeyStoreOnExecutors", "true");
    assertThat(sent.forExecutors().tls().clientKey()).isEqualTo(sent.tls().clientKey());
    assertThat(sent.tls().clientKey()).isNotEqualTo(null).hasToString("KeyFile[sslKeyStore]");
    assertThat(sent.tls()).asString().doesNotContain(secret);
    byte[] wire = Serialised.bytesByJava(settings.forExecutors());
    String text = new String(wire, StandardCharsets.ISO_8859_1);
    assertThat(text).contains("BEGIN CERTIFICATE").doesNotContain("PRIVATE KEY");
    assertThat(new String(Serialised.bytesByJava(sent.forExecutors()), StandardCharsets.ISO_8859_1))
        .as("the same search finds it where it is")
        .contains("PRIVATE KEY");
  }

  @Test
  void aServerBelowTheLeastVersionIsRefused() throws Exception {
    serve(
        socket -> {
          socket.setEnabledProtocols(new String[] {"TLSv1.2"});
          return socket;
        },
        "localhost");
    assertThat(get("sslTrustStore", pem(), "sslMinVersion", "tlsv1.2")).isEqualTo("hello");
    assertFails("'sslMinVersion'", "sslTrustStore", pem(), "sslMinVersion", "TLSv1.3");
  }

  /** Each fails before a request, and says which option it is. */
  @Test
  void filesThatCannotBeUsed() throws Exception {
    String missing = directory.resolve("missing.pem").toString();
    String key = certificates.keyStore(directory.resolve("client.p12")).toString();
    String keyPem = certificates.keyPem(directory.resolve("client.pem")).toString();
    String locked = certificates.encryptedKeyPem(directory.resolve("locked.pem")).toString();
    Path text = Files.writeString(directory.resolve("text"), "canary");
    assertRefused("'sslTrustStore' names the file '" + missing, "sslTrustStore", missing);
    assertRefused(
        "'sslTrustStore' cannot be used: it cannot be read as PEM or as a key store",
        "sslTrustStore",
        text.toString());
    assertRefused(
        "'sslTrustStore' cannot be used: it has no certificate of an authority",
        "sslTrustStore",
        key,
        "sslTrustStorePassword",
        TestCertificates.PASSWORD);
    assertRefused(
        "whose password is that of the option 'sslTrustStorePassword'",
        "sslTrustStore",
        key,
        "sslTrustStorePassword",
        "canary");
    assertRefused(
        "'sslKeyStore' cannot be used: its password is another one",
        "sslKeyStore",
        key,
        "sslKeyStorePassword",
        "canary");
    assertRefused(
        "option 'sslKeyStorePassword'", "sslKeyStore", locked, "sslKeyStorePassword", "canary");
    assertRefused(
        "'sslKeyStore' cannot be used: it has no private key in PKCS #8", "sslKeyStore", pem());
    assertRefused(
        "'sslKeyStore' cannot be used: it has no private key",
        "sslKeyStore",
        certificates.jks(directory.resolve("ca.jks")).toString(),
        "sslKeyStorePassword",
        TestCertificates.PASSWORD);
    assertRefused("Put it into a file", "sslTrustStore", Files.readString(Path.of(keyPem)));
    assertRefused(
        "'sslTrustStore' cannot be used: it cannot be read as PEM or as a key store",
        "sslTrustStore",
        "-----BEGIN CERTIFICATE-----\nA===\n-----END CERTIFICATE-----");
    assertRefused(
        "'sslKeyStorePassword' names the environment variable 'NO_SUCH_VARIABLE'",
        "sslKeyStore",
        key,
        "sslKeyStorePassword",
        "env:NO_SUCH_VARIABLE");
  }

  private static void assertRefused(String message, String... options) {
    assertThatThrownBy(() -> RangeClientTest.settings(options))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message)
        .hasMessageNotContaining("canary");
  }

  /** The proxy passes on to the server what it is asked for, whatever the host. */
  private HttpSettings behindProxy(String pem) {
    proxy =
        new SocketServer(
            connection -> {
              SocketServer.head(connection);
              try (Socket onward = new Socket("localhost", server.port())) {
                SocketServer.send(connection, "HTTP/1.1 200 OK\n\n");
                CompletableFuture<Void> back =
                    CompletableFuture.runAsync(() -> RangeClientTest.pipe(onward, connection));
                RangeClientTest.pipe(connection, onward);
                back.join();
              }
            });
    return RangeClientTest.settings(
        "sslTrustStore", pem, "proxyHost", "localhost", "proxyPort", "" + proxy.port());
  }

  @ParameterizedTest
  @ValueSource(strings = {"my_share", "my_share.shares.example", "a.my_share.example"})
  void aHostWithAnUnderscoreIsCheckedToo(String host) throws Exception {
    serve("localhost", "my_share", "*.shares.example", "*.my_share.example");
    String pem = certificates.pem(directory.resolve("ca.pem")).toString();
    HttpSettings settings = behindProxy(pem);
    assertThat(get(settings, "https://" + host + "/")).isEqualTo("hello");
    assertThatThrownBy(() -> get(settings, "https://your_share.example.org/"))
        .isInstanceOf(SSLException.class)
        .hasMessageContaining("does not name the host your_share.example.org")
        .isInstanceOfSatisfying(IOException.class, e -> assertThat(Failures.isOfTrust(e)).isTrue());
  }

  @Test
  void aHostWithAnUnderscoreAndAnAuthorityThatNobodyKnows() throws Exception {
    serve("my_share");
    String other = new TestCertificates().pem(directory.resolve("other.pem")).toString();
    HttpSettings settings = behindProxy(other);
    assertThatThrownBy(() -> get(settings, "https://my_share/"))
        .isInstanceOfSatisfying(IOException.class, e -> assertThat(Failures.isOfTrust(e)).isTrue());
  }

  @ParameterizedTest
  @CsvSource({
    "my_share, my_share, true",
    "My_Share.example, my_share.EXAMPLE., true",
    "a_b.example.org, *.example.org, true",
    "c.a_b.example.org, *.example.org, false",
    "a_b.org, *.org, false",
    "a_b, *, false",
    "a_b.example.org, a*.example.org, false",
    "a_b.example.org, *.b.example.org, false",
    "example.org, *.example.org, false",
    "a_b.example.org, *.*.org, false",
  })
  void namesOfCertificates(String host, String name, boolean matches) {
    assertThat(CertificateNames.matches(host, name)).isEqualTo(matches);
  }

  @Test
  void whatIsMadeFromTheSameSettingsIsShared() throws Exception {
    String key = certificates.keyPem(directory.resolve("client.pem")).toString();
    String[] options = {"sslKeyStore", key, "sslMinVersion", "TLSv1.3"};
    HttpSettings one = RangeClientTest.settings(options);
    assertThat(HttpTransport.toServers(one))
        .isSameAs(HttpTransport.toServers(RangeClientTest.settings(options)));
    certificates.keyPem(Path.of(key));
    for (HttpSettings other :
        List.of(
            RangeClientTest.settings(),
            RangeClientTest.settings("sslMinVersion", "TLSv1.3"),
            RangeClientTest.settings(options))) {
      assertThat(HttpTransport.toServers(other)).isNotSameAs(HttpTransport.toServers(one));
    }
  }

  @Test
  void trustingAllIsSaidOnceAndLoudly() throws Exception {
    serve("localhost");
    try (LogCapture log = LogCapture.of(Tls.class, Level.WARN)) {
      assertThat(get("sslTrustAll", "true", "timeout", "31s")).isEqualTo("hello");
      assertThat(get("sslTrustAll", "true", "timeout", "32s")).isEqualTo("hello");
      // Another test of this JVM may have had the one warning.
      assertThat(log.lines()).hasSizeLessThanOrEqualTo(1);
      assertThat(log.lines()).allMatch(line -> line.startsWith("WARN INSECURE: "));
    }
  }
}
