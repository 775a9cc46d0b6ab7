/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.client;

import static io.github.deltasharing.client.ClientFixture.TABLE;
import static io.github.deltasharing.client.ClientFixture.TABLE_PATH;
import static io.github.deltasharing.client.ClientFixture.TOKEN;
import static io.github.deltasharing.client.ClientFixture.conf;
import static io.github.deltasharing.client.ClientFixture.targets;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.deltasharing.error.SharingException;
import io.github.deltasharing.options.SharingReadConf;
import io.github.deltasharing.testing.SocketServer;
import io.github.deltasharing.testing.StubAnswer;
import io.github.deltasharing.testing.StubServer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("unit")
class HttpProxyTest {
  private static final StubAnswer VERSION =
      StubAnswer.empty().withHeader("Delta-Table-Version", "7");

  private final StubServer proxy = new StubServer().onAnything(request -> VERSION);
  private final StubServer server = new StubServer().onAnything(request -> VERSION);

  @AfterEach
  void close() {
    proxy.close();
    server.close();
  }

  private long version(ProfileSource profile, String noProxyHosts) {
    return SharingClient.open(
            profile,
            conf(
                "allowPlainHttp",
                "true",
                "proxyHost",
                "localhost",
                "proxyPort",
                "" + proxy.port(),
                "noProxyHosts",
                noProxyHosts))
        .version(TABLE);
  }

  @Test
  void theProxyIsAskedForTheWholeUriEvenOfAHostThatOnlyItCanResolve() {
    ProfileSource behind =
        () ->
            Profile.fromJson(
                "p.share",
                "{\"shareCredentialsVersion\":1,\"endpoint\":\"http://sharing.invalid:81/api\",\"bearerToken\":\""
                    + TOKEN
                    + "\"}");
    assertThat(version(behind, "other.invalid,*.sharing.invalid")).isEqualTo(7);
    assertThat(targets(proxy))
        .containsExactly("GET http://sharing.invalid:81" + TABLE_PATH + "/version");
  }

  @Test
  void aHostWithAnUnderscoreIsAskedByItsName() {
    ProfileSource behind =
        () ->
            Profile.fromJson(
                "p.share",
                "{\"shareCredentialsVersion\":1,\"endpoint\":\"http://my_share:81/api\",\"bearerToken\":\""
                    + TOKEN
                    + "\"}");
    assertThat(version(behind, "")).isEqualTo(7);
    assertThat(targets(proxy)).containsExactly("GET http://my_share:81" + TABLE_PATH + "/version");
    assertThat(proxy.requests().get(0).header("Host")).isEqualTo("my_share:81");
  }

  /** Of a plain request by the proxy's response, of one with TLS by the tunnel's refusal. */
  @ParameterizedTest
  @ValueSource(strings = {"http", "https"})
  void aProxyThatRefusesIsNotTriedAgain(String scheme) {
    List<String> requests = new CopyOnWriteArrayList<>();
    SocketServer refusing =
        new SocketServer(
            connection -> {
              requests.add(SocketServer.head(connection).get(0));
              // Proxies may quote what they were sent.
              SocketServer.send(
                  connection,
                  "HTTP/1.1 407 Who are you\nContent-Length: 37\n\nnot canary-pw, nor YWRhOmNhbmFyeS1wdw");
            });
    ProfileSource behind =
        () ->
            Profile.fromJson(
                "p.share",
                "{\"shareCredentialsVersion\":1,\"endpoint\":\""
                    + scheme
                    + "://sharing.invalid/api\",\"bearerToken\":\""
                    + TOKEN
                    + "\"}");
    SharingReadConf conf =
        conf(
            "allowPlainHttp",
            "true",
            "proxyHost",
            "localhost",
            "proxyPort",
            "" + refusing.port(),
            "proxyUser",
            "ada",
            "proxyPassword",
            "canary-pw");
    try (refusing) {
      assertThatThrownBy(() -> SharingClient.open(behind, conf).version(TABLE))
          .isInstanceOf(SharingException.class)
          .hasMessageContaining("HTTP 407")
          .hasMessageNotContaining("canary-pw")
          .hasMessageNotContaining("YWRhOmNhbmFyeS1wdw")
          .hasMessageContaining("'proxyUser' and 'proxyPassword'");
    }
    assertThat(requests).hasSize(1);
  }

  @Test
  void aHostAmongNoProxyHostsIsAskedItself() {
    assertThat(version(ClientFixture.profile(server), "a.example, 127.0.0.1")).isEqualTo(7);
    assertThat(targets(server)).containsExactly("GET " + TABLE_PATH + "/version");
    assertThat(proxy.requests()).isEmpty();
  }
}
