/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is taken of stores' listings, of servers' locations and of where a bucket is. */
@Tag("unit")
class StoreAnswersTest {
  private static final StoreLocation LOCATION = StoreLocation.parse("s3://bucket/a/t");

  private static ListPage read(String xml) throws IOException {
    return new S3ObjectStore("s.s.t", LOCATION, null, null, null)
        .read(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)));
  }

  private static String listing(String inside) {
    return "<?xml version=\"1.0\"?><ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
        + inside
        + "</ListBucketResult>";
  }

  private static String object(String key) {
    return "<Contents><Key>"
        + key
        + "</Key><LastModified>2026-01-02T03:04:05.000Z</LastModified><ETag>&quot;e&quot;</ETag>"
        + "<Size>7</Size></Contents>";
  }

  @Test
  void aPageIsReadWithNamesBelowTheLocation() throws IOException {
    ListPage page =
        read(
            listing(
                "<IsTruncated>true</IsTruncated><NextContinuationToken>n&amp;1</NextContinuationToken>"
                    + object("a/t/x &lt;y&gt;.json")
                    + object("b/elsewhere")
                    + "<CommonPrefixes><Prefix>a/t/d/</Prefix></CommonPrefixes>"));
    assertThat(page.next()).isEqualTo("n&1");
    assertThat(page.objects()).hasSize(1);
    assertThat(page.objects().get(0).name()).isEqualTo("x <y>.json");
    assertThat(page.objects().get(0).size()).isEqualTo(7);
    assertThat(page.objects().get(0).etag()).isEqualTo("\"e\"");
    assertThat(page.objects().get(0).lastModified()).isEqualTo("2026-01-02T03:04:05Z");
    assertThat(
            read(listing("<EncodingType>url</EncodingType>" + object("a/t/x+y%2Bz")))
                .objects()
                .get(0)
                .name())
        .isEqualTo("x y+z");
  }

  @Test
  void nothingOfTheMachineOrTheNetComesIn(@TempDir Path directory) throws IOException {
    Path secret = Files.writeString(directory.resolve("secret"), "canary");
    for (String type :
        List.of(
            "<!DOCTYPE a [<!ENTITY x SYSTEM \"" + secret.toUri() + "\">]>",
            "<!DOCTYPE a SYSTEM \"http://127.0.0.1:1/x.dtd\">",
            "<!DOCTYPE a [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY x \"&a;&a;&a;&a;\">]>")) {
      String xml = listing(object("a/t/&x;")).replace("?><List", "?>" + type + "<List");
      assertThatThrownBy(() -> read(xml))
          .isInstanceOf(BadAnswerException.class)
          .hasMessageNotContaining("canary");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "no XML",
        "<html/>",
        "<ListBucketResult>",
        "<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>",
        "<ListBucketResult><Contents><Key>a/t/x</Key><Size>-1</Size></Contents></ListBucketResult>",
        "<ListBucketResult><Contents><Key>a/t/x</Key><Size>x</Size></Contents></ListBucketResult>",
        "<ListBucketResult><Contents><Key>a/t/x</Key><Size>1</Size></Contents></ListBucketResult>"
      })
  void whatIsNoListingIsRefused(String xml) {
    assertThatThrownBy(() -> read(xml)).isInstanceOf(BadAnswerException.class);
  }

  @Test
  void depthTextsAndLengthHaveLimits() {
    assertThatThrownBy(() -> read("<a>".repeat(1_000))).isInstanceOf(BadAnswerException.class);
    assertThatThrownBy(() -> read(listing("<x>" + "y".repeat(100_000) + "</x>")))
        .isInstanceOf(BadAnswerException.class)
        .hasMessageContaining("too long");
    byte[] some = object("a/t/x").repeat(10_000).getBytes(StandardCharsets.UTF_8);
    List<InputStream> endless =
        new ArrayList<>(
            List.of(
                new ByteArrayInputStream("<ListBucketResult>".getBytes(StandardCharsets.UTF_8))));
    for (int i = 0; i < 20; i++) {
      endless.add(new ByteArrayInputStream(some));
    }
    assertThatThrownBy(
            () ->
                new S3ObjectStore("s.s.t", LOCATION, null, null, null)
                    .read(new SequenceInputStream(Collections.enumeration(endless))))
        .isInstanceOf(BadAnswerException.class)
        .hasMessageContaining("longer than 16 MiB");
  }

  @ParameterizedTest
  @CsvSource({
    "s3://b/t, s3a, b, t",
    "s3a://b/a//, s3a, b, a",
    "S3N://b, s3a, b, ''",
    "r2://b@1a.r2.cloudflarestorage.com/x y, r2, b, x y"
  })
  void locations(String text, String scheme, String bucket, String path) {
    StoreLocation location = StoreLocation.parse(text);
    assertThat(location.scheme()).isEqualTo(scheme);
    assertThat(location.bucket()).isEqualTo(bucket);
    assertThat(location.path()).isEqualTo(path);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "t",
        "/t",
        "file:/t",
        "s3:///t",
        "s3://b/a/../t",
        "s3://b/a//t",
        "s3://b/./t",
        "s3a://KEY:canary-c0ffee@b/t"
      })
  void whatIsNoLocation(String text) {
    assertThatThrownBy(() -> StoreLocation.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContainingAny("canary-c0ffee", "KEY");
  }

  @Test
  void aLocationCoversWhatIsBelowIt() {
    assertThat(LOCATION.covers(StoreLocation.parse("s3a://bucket/a/t"))).isTrue();
    assertThat(LOCATION.relativize(StoreLocation.parse("s3a://bucket/a/t/x/y"))).isEqualTo("x/y");
    for (String other :
        List.of("s3://bucket/a/t2", "s3://bucket/a", "s3://bucket2/a/t", "r2://bucket/a/t")) {
      assertThat(LOCATION.covers(StoreLocation.parse(other))).as(other).isFalse();
      assertThat(LOCATION.relativize(StoreLocation.parse(other))).as(other).isNull();
    }
  }

  private static String reached(BucketPlace.Said said, Map<String, String> hadoop) {
    BucketPlace place = BucketPlace.of("b", said, hadoop::get);
    var endpoint = place.reached();
    return endpoint.scheme()
        + "://"
        + endpoint.host()
        + (endpoint.port() < 0 ? "" : ":" + endpoint.port())
        + " "
        + place.region()
        + " "
        + place.pathStyle();
  }

  @Test
  void theBucketsOwnSettingsComeFirstThenTheServersWordThenAllOfS3s() {
    BucketPlace.Said said = new BucketPlace.Said("https://store.example:9000", "here", null);
    assertThat(reached(BucketPlace.Said.NOTHING, Map.of()))
        .isEqualTo("https://s3.us-east-1.amazonaws.com us-east-1 false");
    assertThat(reached(said, Map.of("fs.s3a.endpoint", "other", "fs.s3a.endpoint.region", "o")))
        .isEqualTo("https://store.example:9000 here true");
    assertThat(
            reached(
                said,
                Map.of(
                    "fs.s3a.bucket.b.endpoint", "inside:8080",
                    "fs.s3a.connection.ssl.enabled", "false",
                    "fs.s3a.bucket.b.path.style.access", "false",
                    "fs.s3a.bucket.other.endpoint", "other")))
        .isEqualTo("http://inside:8080 here false");
    assertThat(
            reached(
                BucketPlace.Said.NOTHING,
                Map.of(
                    "fs.s3a.endpoint", "s3.amazonaws.com", "fs.s3a.endpoint.region", "eu-west-1")))
        .isEqualTo("https://s3.eu-west-1.amazonaws.com eu-west-1 false");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"ftp://x", "https://u:p@x", "https://x/path", "https://x?y=z", "file:///x"})
  void anEndpointThatIsNoneIsRefused(String endpoint) {
    assertThatThrownBy(
            () -> BucketPlace.of("b", new BucketPlace.Said(endpoint, null, null), name -> null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("u:p");
  }
}
