package io.github.deltasharing.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.deltasharing.error.SharingException;
import io.github.deltasharing.options.SharingReadConf;
import io.github.deltasharing.storage.RenewedUrls;
import io.github.deltasharing.storage.SignedUrl;
import io.github.deltasharing.testing.Serialised;
import org.junit.jupiter.api.Test;

class UrlMessagesTest {
  private static final String LONG = "https://store/" + "ä".repeat(70_000) + "?sig=canary";

  @Test
  void anAskArrivesAsItWas() {
    UrlAsk ask = new UrlAsk("scan-1", "f".repeat(70_000), 7);
    assertThat(UrlAsk.of(ask.toBytes())).isEqualTo(ask);
  }

  @Test
  void aReplyArrivesAsItWas() {
    RenewedUrls urls =
        new RenewedUrls(
            new SignedUrl(LONG), new SignedUrl("https://store/dv?sig=canary"), 5, 7, true);
    assertThat(UrlReply.of(UrlReply.of(urls).toBytes()).urls()).isEqualTo(urls);
    RenewedUrls plain = new RenewedUrls(new SignedUrl(LONG), null, 5, 7, false);
    assertThat(UrlReply.of(UrlReply.of(plain).toBytes()).urls()).isEqualTo(plain);
    assertThat(UrlReply.of(urls).toString()).isEqualTo("UrlReply[RenewedUrls[generation=7]]");
  }

  @Test
  void aFailureArrivesAsItsText() {
    UrlReply reply = UrlReply.of(UrlReply.failed("no such file").toBytes());
    assertThatThrownBy(reply::urls)
        .isExactlyInstanceOf(SharingException.class)
        .hasMessage("no such file");
  }

  @Test
  void theWayToTheDriverArrivesOnExecutors() {
    DriverUrls urls = new DriverUrls("endpoint", "scan", SharingReadConf.defaults().http());
    assertThat(Serialised.byJava(urls).scan()).isEqualTo("scan");
    assertThat(Serialised.byKryo(urls).scan()).isEqualTo("scan");
  }
}
