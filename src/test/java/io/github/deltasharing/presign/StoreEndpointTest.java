/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.presign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("unit")
class StoreEndpointTest {

  @ParameterizedTest
  @CsvSource({
    "https://minio.example.com, https, minio.example.com",
    "https://MinIO.example.com:443/, https, minio.example.com",
    "http://store_1:80, http, store_1",
    "http://127.0.0.1:9000, http, 127.0.0.1:9000",
    "minio.example.com:9000, https, minio.example.com:9000",
    "'http://[::1]:9000', http, '[::1]:9000'",
    "'http://[::1]', http, '[::1]'",
  })
  void isReadFromAUrlOrAHost(String text, String scheme, String authority) {
    StoreEndpoint endpoint = StoreEndpoint.of(text, true);
    assertThat(endpoint.scheme()).isEqualTo(scheme);
    assertThat(endpoint.authority()).isEqualTo(authority);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://store.example.com/path",
        "https://store.example.com?a=b",
        "https://store.example.com#a",
        "https://",
        "ftp://store.example.com",
        "https://store.example.com:0",
        "https://store.example.com:65536",
        "https://store.example.com:port",
        "https://a b",
        "https://-store",
        ""
      })
  void illegalOnesAreRefused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> StoreEndpoint.of(text, true))
        .withMessageStartingWith("A store's endpoint ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://me:topsecret@store.example.com", "https://me:topsecret@a b"})
  void aPasswordIsNotSaid(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> StoreEndpoint.of(text, true))
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("topsecret"));
  }

  /** As AWS's table of partitions says. */
  @ParameterizedTest
  @CsvSource({
    "us-east-1, s3.us-east-1.amazonaws.com",
    "eu-west-3, s3.eu-west-3.amazonaws.com",
    "us-gov-west-1, s3.us-gov-west-1.amazonaws.com",
    "cn-northwest-1, s3.cn-northwest-1.amazonaws.com.cn",
    "us-iso-east-1, s3.us-iso-east-1.c2s.ic.gov",
    "us-isob-east-1, s3.us-isob-east-1.sc2s.sgov.gov",
    "eusc-de-east-1, s3.eusc-de-east-1.amazonaws.eu",
  })
  void amazonsHaveTheirPartitionsDomain(String region, String host) {
    assertThat(StoreEndpoint.aws(region, false).authority()).isEqualTo(host);
    assertThat(StoreEndpoint.aws(region, false).scheme()).isEqualTo("https");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "us-east-1/../x", "a b", "us-east-1.evil.example/", "é"})
  void regionsHaveNoOtherCharacters(String region) {
    assertThatIllegalArgumentException().isThrownBy(() -> StoreEndpoint.aws(region, false));
  }

  @ParameterizedTest
  @CsvSource({
    "https://s3.example.com, false, data, false",
    "https://s3.example.com, true, data, true",
    "https://s3.example.com, false, my.data, true",
    "https://s3.example.com, false, my_data, true",
    "https://s3.example.com, false, Data, true",
    "https://10.0.0.1, false, data, true",
    "'https://[::1]', false, data, true",
  })
  void bucketsThatNoCertificateCoversAreInThePath(
      String endpoint, boolean pathStyle, String bucket, boolean inPath) {
    assertThat(StoreEndpoint.of(endpoint, pathStyle).isInPath(bucket)).isEqualTo(inPath);
  }

  @Test
  void bucketsHaveNoOtherCharacters() {
    for (String bucket : new String[] {"", "a/b", "..", "a b", "a?b", "ä", "@evil"}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> StoreEndpoint.google().isInPath(bucket))
          .withMessageStartingWith("Not a bucket's name: ");
    }
  }
}
