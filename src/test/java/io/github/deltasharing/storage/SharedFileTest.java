/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.deltasharing.options.HttpSettings;
import io.github.deltasharing.testing.Serialised;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What travels to executors, and what it prints. */
@Tag("unit")
class SharedFileTest {
  private static final SignedUrl URL = new SignedUrl("https://store.example:9/canary/f?sig=canary");
  private static final SharedFile FILE = new SharedFile("s.s.t", "id-1", URL, 3_000_000_000L);

  @ParameterizedTest
  @CsvSource({
    "https://store.example:9/canary?sig=canary, store.example:9",
    "https://store.example/canary#canary, store.example",
    "https://canary:canary@store.example/canary#canary, (an unreadable URL)",
    "canary, (an unreadable URL)",
    "https://ca nary/, (an unreadable URL)"
  })
  void aSignedUrlPrintsAsItsHost(String url, String host) {
    assertThat(new SignedUrl(url).host()).isEqualTo(host);
    assertThat(new SignedUrl(url)).hasToString("SignedUrl[" + host + "]");
  }

  @Test
  void aSharedFilePrintsWithoutItsUrl() {
    assertThat(FILE).hasToString("SharedFile[s.s.t, id=id-1, size=3000000000]");
  }

  @Test
  void arriveOnExecutorsAsTheyWereSent() {
    assertArrives(Serialised::byJava);
  }

  @Test
  void arriveOnExecutorsByKryoToo() {
    assertArrives(Serialised::byKryo);
  }

  private static void assertArrives(UnaryOperator<Object> trip) {
    SignedUrl url = (SignedUrl) trip.apply(URL);
    assertThat(url).isEqualTo(URL).hasSameHashCodeAs(URL);
    assertThat(url.parsed()).isEqualTo(URL.parsed());
    SharedFile file = (SharedFile) trip.apply(FILE);
    assertThat(file).usingRecursiveComparison().isEqualTo(FILE);
    HttpSettings sent =
        StorageFixture.settings(
            "proxyHost", "p", "proxyPort", "81", "noProxyHosts", "*.a", "timeout", "7s");
    HttpSettings settings = (HttpSettings) trip.apply(sent);
    assertThat(settings).usingRecursiveComparison().isEqualTo(sent);
    assertThat(settings.timeout()).isEqualTo(Duration.ofSeconds(7));
    assertThat(settings.proxy().isDirect("b.a", 443)).isTrue();
  }
}
