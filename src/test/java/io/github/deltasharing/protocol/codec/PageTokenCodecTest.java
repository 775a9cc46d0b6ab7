/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.protocol.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.deltasharing.protocol.PageToken;
import io.github.deltasharing.protocol.codec.PageTokenCodec.Expiring;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class PageTokenCodecTest {
  private static final PageToken.OfQuery QUERY =
      new PageToken.OfQuery(
          "s/s/t", "hints\n\"😀\"", 7, "state", "day=1/a b.parquet", 3_000_000_000L);
  private static final PageToken.OfChanges CHANGES =
      new PageToken.OfChanges("s/s/t", "true\n", 1, 9, 2, "state", 5, 17);

  private static <T extends PageToken> void assertComesBack(
      PageTokenCodec<T> codec, T token, String json) throws IOException {
    Expiring<T> sent = new Expiring<>(token, 1_700_000_000_000L);
    byte[] written = codec.write(sent);
    assertThat(new String(written, StandardCharsets.UTF_8)).isEqualTo(json);
    assertThat(codec.read(written)).isEqualTo(sent);
  }

  @Test
  void tokensOfEachKindComeBack() throws Exception {
    assertComesBack(
        PageTokenCodec.QUERY_PAGE,
        QUERY,
        "{\"version\":7,\"state\":\"state\",\"after\":\"day=1/a b.parquet\",\"rows\":3000000000,\"table\":\"s/s/t\",\"query\":\"hints\\n\\\"😀\\\"\",\"expires\":1700000000000}");
    assertComesBack(
        PageTokenCodec.REFRESH,
        new PageToken.OfRefresh("s/s/t", 7),
        "{\"version\":7,\"table\":\"s/s/t\",\"query\":\"\",\"expires\":1700000000000}");
    assertComesBack(
        PageTokenCodec.CHANGES_PAGE,
        CHANGES,
        "{\"start\":1,\"end\":9,\"head\":2,\"state\":\"state\",\"version\":5,\"position\":17,\"table\":\"s/s/t\",\"query\":\"true\\n\",\"expires\":1700000000000}");
    assertComesBack(
        PageTokenCodec.LISTING_PAGE,
        new PageToken.OfListing("tables/s/s", 500, "t"),
        "{\"scope\":\"tables/s/s\",\"start\":500,\"last\":\"t\",\"expires\":1700000000000}");
  }

  @Test
  void aTokenOfAnotherKindTellsWhatItBelongsTo() throws Exception {
    byte[] changes = PageTokenCodec.CHANGES_PAGE.write(new Expiring<>(CHANGES, 1));
    PageToken.OfQuery read = PageTokenCodec.QUERY_PAGE.read(changes).token();
    assertThat(read.table()).isEqualTo("s/s/t");
    assertThat(read.query()).isEqualTo("true\n");
    assertThat(read.after()).isEmpty();
    assertThat(PageTokenCodec.LISTING_PAGE.read(changes).token().scope()).isEmpty();
  }

  @Test
  void tokensComeBackByTheParameterOfTheirKind() {
    assertThat(PageTokenCodec.QUERY_PAGE.parameter()).isEqualTo("pageToken");
    assertThat(PageTokenCodec.CHANGES_PAGE.parameter()).isEqualTo("pageToken");
    assertThat(PageTokenCodec.LISTING_PAGE.parameter()).isEqualTo("pageToken");
    assertThat(PageTokenCodec.REFRESH.parameter()).isEqualTo("refreshToken");
  }

  @Test
  void whatIsNoJsonIsNoToken() {
    byte[] half = "{\"version\":".getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> PageTokenCodec.REFRESH.read(half)).isInstanceOf(IOException.class);
  }
}
