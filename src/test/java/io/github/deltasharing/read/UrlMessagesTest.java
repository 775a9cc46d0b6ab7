package io.github.deltasharing.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.deltasharing.error.SharingException;
import io.github.deltasharing.options.SharingReadConf;
import io.github.deltasharing.storage.RenewedUrls;
import io.github.deltasharing.storage.SignedUrl;
import io.github.deltasharing.testing.Serialised;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class UrlMessagesTest {
  private static final String LONG = "https://store/" + "ä".repeat(70_000) + "?sig=canary";

  @Test
  void anAskArrivesAsItWas() {
    UrlAsk ask = new UrlAsk("scan-1", "f".repeat(70_000), 7, 1_234);
    assertThat(UrlAsk.of(ask.toBytes())).isEqualTo(ask);
  }

  @Test
  void aReplyArrivesAsItWas() {
    RenewedUrls urls =
        new RenewedUrls(
            new SignedUrl(LONG), new SignedUrl("https://store/dv?sig=canary"), 5, 7, true);
    assertThat(UrlReply.of(UrlReply.of(urls, 3).toBytes()).urls()).isEqualTo(urls);
    RenewedUrls plain = new RenewedUrls(new SignedUrl(LONG), null, 5, 7, false);
    assertThat(UrlReply.of(UrlReply.of(plain, 3).toBytes()).urls()).isEqualTo(plain);
    UrlReply kept = UrlReply.of(UrlReply.of(null, 3).toBytes());
    assertThat(kept.urls()).isNull();
    assertThat(kept.now()).isEqualTo(3);
    assertThat(UrlReply.of(urls, 3).toString()).isEqualTo("UrlReply[RenewedUrls[generation=7]]");
  }

  @Test
  void aFailureArrivesAsItsText() {
    UrlReply reply = UrlReply.of(UrlReply.failed("no such file", 3).toBytes());
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
