/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.deltasharing.options.HttpSettings;
import io.github.deltasharing.options.TlsSettings;
import io.github.deltasharing.testing.SocketServer;
import io.github.deltasharing.testing.TestCertificates;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
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

  private static final class Sockets extends ServerSocketFactory {
    private final SSLContext context;
    private final UnaryOperator<SSLServerSocket> change;

    Sockets(SSLContext context, UnaryOperator<SSLServerSocket> change) {
      this.context = context;
      this.change = change;
    }

    @Override
    public ServerSocket createServerSocket(int port) throws IOException {
      throw new UnsupportedOperationException();
    }

    @Override
    public ServerSocket createServerSocket(int port, int backlog) throws IOException {
      throw new UnsupportedOperationException();
    }

    @Override
    public ServerSocket createServerSocket(int port, int backlog, InetAddress address)
        throws IOException {
      return change.apply(
          (SSLServerSocket)
              context.getServerSocketFactory().createServerSocket(port, backlog, address));
    }
  }

  private void serve(UnaryOperator<SSLServerSocket> change, String... names) throws Exception {
    server =
        new SocketServer(
            new Sockets(certificates.server(names), change),
            connection -> {
              while (SocketServer.head(connection) != null) {
                SocketServer.send(connection, "HTTP/1.1 200 OK\nContent-Length: 5\n\nhello");
              }
            });
  }

  private void serve(String... names) throws Exception {
    serve(socket -> socket, names);
  }

  private static HttpSettings settings(UnaryOperator<TlsSettings> change, String... options) {
    HttpSettings settings = RangeClientTest.settings(options);
    return settings.with(change.apply(settings.tls()));
  }

  private static String get(HttpSettings settings, String url) throws IOException {
    HttpResponse response =
        HttpTransport.toServers(settings).send(HttpRequest.get(HttpUrl.of(url)));
    String text = new String(response.body().readNBytes(5), StandardCharsets.US_ASCII);
    response.body().close();
    return text;
  }

  private String get(UnaryOperator<TlsSettings> change) throws IOException {
    return get(settings(change), "https://localhost:" + server.port() + "/");
  }

  @Test
  void anOwnAuthorityIsTrusted() throws Exception {
    serve("localhost");
    String pem = certificates.pem(directory.resolve("ca.pem")).toString();
    String store = certificates.trustStore(directory.resolve("ca.p12")).toString();
    assertThat(get(tls -> tls.withAuthorities(pem, null))).isEqualTo("hello");
    assertThat(get(tls -> tls.withAuthorities(store, TestCertificates.PASSWORD)))
        .isEqualTo("hello");
    assertThatThrownBy(() -> get(tls -> tls))
        .isInstanceOfSatisfying(IOException.class, e -> assertThat(Failures.isOfTrust(e)).isTrue());
  }

  @Test
  void theJvmsAuthoritiesStayTrustedBesideIt() throws Exception {
    serve("localhost");
    String pem = new TestCertificates().pem(directory.resolve("other.pem")).toString();
    assertThatThrownBy(() -> get(tls -> tls.withAuthorities(pem, null)))
        .isInstanceOf(SSLException.class);
    Tls tls = new Tls(RangeClientTest.settings().tls().withAuthorities(pem, null));
    TrustManagerFactory jvms =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    jvms.init((KeyStore) null);
    X509TrustManager manager = (X509TrustManager) jvms.getTrustManagers()[0];
    assertThat(tls.authorities()).isEqualTo(manager.getAcceptedIssuers().length + 1);
  }

  @Test
  void anAuthorityIsOfNoUseForAnotherHost() throws Exception {
    serve("other.example");
    String pem = certificates.pem(directory.resolve("ca.pem")).toString();
    assertThatThrownBy(() -> get(tls -> tls.withAuthorities(pem, null)))
        .isInstanceOfSatisfying(IOException.class, e -> assertThat(Failures.isOfTrust(e)).isTrue());
  }

  @Test
  void aServerThatWantsACertificateGetsTheClients() throws Exception {
    serve(
        socket -> {
          socket.setNeedClientAuth(true);
          return socket;
        },
        "localhost");
    String pem = certificates.pem(directory.resolve("ca.pem")).toString();
    String key = certificates.keyStore(directory.resolve("client.p12")).toString();
    assertThat(
            get(
                tls ->
                    tls.withAuthorities(pem, null).withClientKey(key, TestCertificates.PASSWORD)))
        .isEqualTo("hello");
    assertThatThrownBy(() -> get(tls -> tls.withAuthorities(pem, null)))
        .isInstanceOf(IOException.class);
  }

  @Test
  void aServerBelowTheLeastVersionIsRefused() throws Exception {
    serve(
        socket -> {
          socket.setEnabledProtocols(new String[] {"TLSv1.2"});
          return socket;
        },
        "localhost");
    String pem = certificates.pem(directory.resolve("ca.pem")).toString();
    assertThat(get(tls -> tls.withAuthorities(pem, null).withMinVersion("TLSv1.2")))
        .isEqualTo("hello");
    assertThatThrownBy(() -> get(tls -> tls.withAuthorities(pem, null).withMinVersion("TLSv1.3")))
        .isInstanceOfSatisfying(
            IOException.class, e -> assertThat(Failures.isOfProtocol(e)).isTrue());
  }

  @Test
  void filesThatCannotBeReadFailTheRequestWithoutPasswords() throws Exception {
    serve("localhost");
    String missing = directory.resolve("missing.pem").toString();
    String key = certificates.keyStore(directory.resolve("client.p12")).toString();
    assertThatThrownBy(() -> get(tls -> tls.withAuthorities(missing, null)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("missing.pem");
    assertThatThrownBy(() -> get(tls -> tls.withClientKey(key, "wrong-canary")))
        .isInstanceOf(IOException.class)
        .hasMessageNotContaining("canary");
    assertThat(
            settings(tls -> tls.withClientKey(key, "canary").withAuthorities(key, "canary")).tls())
        .asString()
        .contains("client.p12")
        .doesNotContain("canary");
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
    return settings(
        tls -> tls.withAuthorities(pem, null),
        "proxyHost",
        "localhost",
        "proxyPort",
        "" + proxy.port());
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
  void whatIsMadeFromTheSameSettingsIsShared() {
    HttpSettings one = settings(tls -> tls.withClientKey("a", "b").withMinVersion("TLSv1.3"));
    HttpSettings same = settings(tls -> tls.withClientKey("a", "b").withMinVersion("TLSv1.3"));
    assertThat(HttpTransport.toServers(one)).isSameAs(HttpTransport.toServers(same));
    for (HttpSettings other :
        List.of(
            settings(tls -> tls),
            settings(tls -> tls.withClientKey("a", "c").withMinVersion("TLSv1.3")),
            settings(tls -> tls.withClientKey("a", "b")))) {
      assertThat(HttpTransport.toServers(other)).isNotSameAs(HttpTransport.toServers(one));
    }
  }
}
