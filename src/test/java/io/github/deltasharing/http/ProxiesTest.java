/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.deltasharing.testing.LogCapture;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.apache.logging.log4j.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which proxy a URL goes through, and what that is told: options, JVM, environment. */
@Tag("unit")
@ResourceLock(Resources.SYSTEM_PROPERTIES)
class ProxiesTest {
  private final Map<String, String> environment = new HashMap<>();

  @BeforeEach
  @AfterEach
  void withoutPropertiesOfTheJvm() {
    System.clearProperty("https.proxyHost");
    System.clearProperty("https.proxyPort");
  }

  private String proxyOf(String url, String... options) {
    Proxies proxies =
        new Proxies(
            RangeClientTest.settings(options).proxy(), EnvironmentProxies.of(environment::get));
    Route route = Route.of(HttpUrl.of(url), proxies);
    InetSocketAddress proxy = route.proxy();
    String sent = proxies.authorization(route);
    return proxy == null
        ? "direct"
        : proxy.getHostString() + ":" + proxy.getPort() + (sent == null ? "" : " " + plain(sent));
  }

  private static String plain(String authorization) {
    assertThat(authorization).startsWith("Basic ");
    return new String(
        Base64.getDecoder().decode(authorization.substring(6)), StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "http://p.example:3128 | p.example:3128",
        "p.example:3128 | p.example:3128",
        "http://p.example | p.example:80",
        "http://p.example:3128/ | p.example:3128",
        "http://ada:s%40c%3Aret+@p.example:3128 | p.example:3128 ada:s@c:ret+",
        "http://ada@p.example:3128 | p.example:3128 ada:",
        "http://[fd00::7]:3128 | fd00::7:3128",
        "'' | direct",
        "socks5://canary@p.example:1080 | direct",
        "https://canary@p.example:443 | direct",
        "http://p.example:99999 | direct",
        "http:// | direct",
      })
  void formsOfTheVariable(String value, String proxy) {
    environment.put("https_proxy", value);
    try (LogCapture log = LogCapture.of(EnvironmentProxies.class, Level.WARN)) {
      assertThat(proxyOf("https://store.example/")).isEqualTo(proxy);
      assertThat(log.lines()).hasSize(proxy.equals("direct") && !value.isEmpty() ? 1 : 0);
      assertThat(log.lines()).noneMatch(line -> line.contains("canary"));
    }
  }

  @Test
  void schemesAndCases() {
    environment.put("HTTPS_PROXY", "http://s:1");
    environment.put("http_proxy", "http://p:2");
    environment.put("HTTP_PROXY", "http://q:3");
    assertThat(proxyOf("https://store.example/")).isEqualTo("s:1");
    assertThat(proxyOf("http://store.example/")).isEqualTo("p:2");
    environment.remove("http_proxy");
    assertThat(proxyOf("http://store.example/")).isEqualTo("q:3");
    environment.put("REQUEST_METHOD", "GET");
    assertThat(proxyOf("http://store.example/"))
        .as("a header of a CGI client's")
        .isEqualTo("direct");
  }

  @Test
  void exceptionsAndThisMachine() {
    environment.put("https_proxy", "p:1");
    environment.put("no_proxy", "example.org, 10.0.0.0/8,.internal");
    for (String host :
        new String[] {
          "example.org",
          "a.example.org",
          "10.2.3.4",
          "a.internal",
          "localhost",
          "127.0.0.5",
          "[::1]"
        }) {
      assertThat(proxyOf("https://" + host + "/")).as(host).isEqualTo("direct");
    }
    assertThat(proxyOf("https://aexample.org/")).isEqualTo("p:1");
    environment.put("NO_PROXY", "*");
    assertThat(proxyOf("https://aexample.org/")).as("lower case first").isEqualTo("p:1");
  }

  @Test
  void optionsThenTheJvmThenTheEnvironment() {
    environment.put("https_proxy", "http://user:secret@e:3");
    String url = "https://store.example/";
    assertThat(proxyOf(url)).isEqualTo("e:3 user:secret");
    System.setProperty("https.proxyHost", "j");
    System.setProperty("https.proxyPort", "2");
    assertThat(proxyOf(url)).isEqualTo("j:2");
    assertThat(proxyOf("https://localhost/")).as("Java's exceptions count").isEqualTo("direct");
    assertThat(proxyOf(url, "proxyHost", "o", "proxyPort", "1")).isEqualTo("o:1");
    assertThat(proxyOf(url, "proxyHost", "o", "proxyPort", "1", "noProxyHosts", "*.example"))
        .isEqualTo("direct");
    assertThat(
            proxyOf(
                url, "proxyHost", "o", "proxyPort", "1", "proxyUser", "u", "proxyPassword", "p:ä"))
        .isEqualTo("o:1 u:p:ä");
  }

  @Test
  void theEnvironmentCanBeLeftAlone() {
    assertThat(RangeClientTest.settings().proxy().fromEnvironment()).isTrue();
    assertThat(RangeClientTest.settings("proxyFromEnvironment", "false").proxy().fromEnvironment())
        .isFalse();
  }

  @Test
  void aPasswordInAVariable() {
    String[] options = {
      "proxyHost", "o", "proxyPort", "1", "proxyUser", "u", "proxyPassword", "env:PATH"
    };
    assertThat(proxyOf("http://x/", options)).isEqualTo("o:1 u:" + System.getenv("PATH"));
    options[7] = "env:NO_SUCH_VARIABLE";
    assertThatThrownBy(() -> proxyOf("http://x/", options))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'proxyPassword'")
        .hasMessageContaining("spark.executorEnv.NO_SUCH_VARIABLE");
  }
}
