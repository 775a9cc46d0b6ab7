/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.listing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.deltasharing.error.SharingException;
import io.github.deltasharing.options.SharingReadConf;
import io.github.deltasharing.storage.SignedUrl;
import io.github.deltasharing.storage.url.RefreshedUrls;
import io.github.deltasharing.testing.Serialised;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class UrlMessagesTest {
  private static final String LONG = "https://store/" + "ä".repeat(70_000) + "?sig=canary";

  @Test
  void anAskArrivesAsItWas() {
    UrlRefreshRequest ask = new UrlRefreshRequest("scan-1", "f".repeat(70_000), 7, 1_234);
    assertThat(UrlRefreshRequest.of(ask.toBytes())).isEqualTo(ask);
  }

  @Test
  void aReplyArrivesAsItWas() {
    RefreshedUrls urls =
        new RefreshedUrls(
            new SignedUrl(LONG), new SignedUrl("https://store/dv?sig=canary"), 5, 7, true);
    assertThat(UrlRefreshResponse.of(UrlRefreshResponse.of(urls, 3).toBytes()).urls())
        .isEqualTo(urls);
    RefreshedUrls plain = new RefreshedUrls(new SignedUrl(LONG), null, 5, 7, false);
    assertThat(UrlRefreshResponse.of(UrlRefreshResponse.of(plain, 3).toBytes()).urls())
        .isEqualTo(plain);
    UrlRefreshResponse kept = UrlRefreshResponse.of(UrlRefreshResponse.of(null, 3).toBytes());
    assertThat(kept.urls()).isNull();
    assertThat(kept.now()).isEqualTo(3);
    assertThat(UrlRefreshResponse.of(urls, 3).toString())
        .isEqualTo("UrlRefreshResponse[RefreshedUrls[generation=7]]");
  }

  @Test
  void aFailureArrivesAsItsText() {
    UrlRefreshResponse reply =
        UrlRefreshResponse.of(UrlRefreshResponse.failed("no such file", 3).toBytes());
    assertThatThrownBy(reply::urls)
        .isExactlyInstanceOf(SharingException.class)
        .hasMessage("no such file");
  }

  @Test
  void theWayToTheDriverArrivesOnExecutors() {
    ScanUrls scan = new ScanUrls(null, Duration.ofHours(1));
    RpcUrlRefresher urls = new RpcUrlRefresher("endpoint", scan, SharingReadConf.defaults().http());
    assertThat(Serialised.byJava(urls).scan()).isEqualTo(scan.id());
    assertThat(Serialised.byKryo(urls).scan()).isEqualTo(scan.id());
  }
}
