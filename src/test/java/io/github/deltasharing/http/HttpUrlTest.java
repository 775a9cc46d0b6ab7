/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("unit")
class HttpUrlTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      textBlock =
          """
          http://my_bucket.s3.example/a?sig=x%2By%3D ~ my_bucket.s3.example ~ 80 ~ /a?sig=x%2By%3D
          HTTPS://Store_1.Example:8443/a ~ store_1.example:8443 ~ 8443 ~ /a
          http://[::1]:81/a ~ [::1]:81 ~ 81 ~ /a
          http://[fd00::1]/a ~ [fd00::1] ~ 80 ~ /a
          http://h:/a ~ h ~ 80 ~ /a
          http://h ~ h ~ 80 ~ /
          http://h?sig=x ~ h ~ 80 ~ /?sig=x
          http://h//a%2Fb/%c3%a4+d=;:@!$&'()*,?x=[1]/?#frag ~ h ~ 80 ~ //a%2Fb/%c3%a4+d=;:@!$&'()*,?x=[1]/?
          http://h/day=2024-01-01 00:00/a|b{c}^`"<>\\[1]?s=a b|{}^`"<> ~ h ~ 80 ~ /day=2024-01-01%2000:00/a%7Cb%7Bc%7D%5E%60%22%3C%3E%5C%5B1%5D?s=a%20b%7C%7B%7D%5E%60%22%3C%3E
          http://h/100%/50%2/%zz/%41?s=% ~ h ~ 80 ~ /100%25/50%252/%25zz/%41?s=%25
          http://h/größe/日本/😀 ~ h ~ 80 ~ /gr%C3%B6%C3%9Fe/%E6%97%A5%E6%9C%AC/%F0%9F%98%80
          http://bücher.example/a ~ xn--bcher-kva.example ~ 80 ~ /a
          """)
  void whatStoresEmit(String url, String authority, int port, String target) {
    HttpUrl read = HttpUrl.of(url);
    assertThat(read.authority()).isEqualTo(authority);
    assertThat(read.port()).isEqualTo(port);
    assertThat(read.target()).isEqualTo(target);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "canary",
        "ftp://h/canary",
        "file:///canary",
        "http:canary",
        "http:///canary",
        "//h/canary",
        "http://user@h/canary",
        "http://user:canary@h/",
        "http://good.example\\@evil.example/canary",
        "http://h:0/canary",
        "http://h:70000/canary",
        "http://h:8o/canary",
        "http://h h/canary",
        "http://h%41/canary",
        "http://[::1/canary",
        "http://-h/canary",
        "http://h/a\r\nX-Canary: b",
        "http://h/a\u0000",
        "http://h/a?sig=\n"
      })
  void whatIsRefused(String url) {
    assertThatThrownBy(() -> HttpUrl.of(url))
        .isInstanceOf(RefusedUrlException.class)
        .hasMessageNotContainingAny("canary", "Canary");
  }

  @ParameterizedTest
  @CsvSource({
    "http://other/b?s=2, http://other/b?s=2",
    "https://other/b, https://other/b",
    "//other/b, http://other/b",
    "/b c, http://h/b%20c",
    "b?s=2, http://h/x/b?s=2",
    "/b#part, http://h/b",
  })
  void whereRedirectsLead(String location, String to) {
    assertThat(HttpUrl.of("http://h/x/a?sig=/1").redirectedTo(location)).isEqualTo(HttpUrl.of(to));
  }

  @Test
  void aRedirectStaysEncryptedAndWithinHttp() {
    HttpUrl url = HttpUrl.of("https://h/a?sig=canary");
    assertThat(url.redirectedTo("//other/b")).isEqualTo(HttpUrl.of("https://other/b"));
    for (String location :
        new String[] {"http://h/a", "ftp://h/a", "file:/etc/x", "https://u@h/"}) {
      assertThatThrownBy(() -> url.redirectedTo(location)).isInstanceOf(RefusedUrlException.class);
    }
    assertThat(url.toString()).isEqualTo("HttpUrl[h]");
  }
}
