/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.presign;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLDecoder;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** By the signatures that Google publishes for those who implement them, with its dummy key. */
@Tag("unit")
class GcsPresignerTest {
  private static final String ACCOUNT =
      "test-iam-credentials@dummy-project-id.iam.gserviceaccount.com";

  private static String resource(String name) {
    try (InputStream in = GcsPresignerTest.class.getResourceAsStream("/presign/" + name)) {
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static GcsServiceAccount account() {
    return GcsServiceAccount.of(ACCOUNT, resource("gcs-dummy-key.pem"));
  }

  static List<String> published() {
    return resource("gcs-v4.txt").lines().filter(line -> !line.startsWith("#")).toList();
  }

  /** All but the endpoint, time and names, which are read from the URL, must come out again. */
  @ParameterizedTest
  @MethodSource("published")
  void publishedSignatures(String vector) {
    String[] fields = vector.split(" ");
    URI url = URI.create(fields[1]);
    boolean inHost = url.getHost().startsWith("test-bucket.");
    String host = url.getAuthority().replaceFirst("^test-bucket\\.", "");
    String[] path = url.getPath().split("/", inHost ? 2 : 3);
    Map<String, String> more = new HashMap<>();
    for (String parameter : url.getRawQuery().split("&")) {
      String[] parts = parameter.split("=", 2);
      more.put(URLDecoder.decode(parts[0], UTF_8), URLDecoder.decode(parts[1], UTF_8));
    }
    String time = more.get("X-Goog-Date");
    String expires = more.get("X-Goog-Expires");
    for (String own :
        new String[] {"Algorithm", "Credential", "Date", "Expires", "SignedHeaders"}) {
      more.remove("X-Goog-" + own);
    }
    V4Signer signer =
        new GcsPresigner(
                account(),
                StoreEndpoint.of(url.getScheme() + "://" + host, !inHost),
                inHost ? "test-bucket" : path[1])
            .start(
                Instant.parse(
                    time.replaceFirst("(....)(..)(..)T(..)(..)(..)Z", "$1-$2-$3T$4:$5:$6Z")),
                Duration.ofSeconds(Long.parseLong(expires)));
    String key = path.length == (inHost ? 1 : 2) ? "" : path[path.length - 1];
    assertThat(signer.sign(fields[0], key, more))
        .isEqualTo(fields[1] + "&X-Goog-Signature=" + fields[2]);
  }

  @Test
  void thereAreSomeOfEach() {
    assertThat(published()).hasSize(9);
  }

  @Test
  void aKeyThatIsNoneIsNotSaid() {
    for (String pem :
        new String[] {
          "",
          "topsecret",
          "-----BEGIN PRIVATE KEY-----\ntopsecret\n-----END PRIVATE KEY-----\n",
          resource("gcs-dummy-key.pem").replace("PRIVATE", "RSA PRIVATE")
        }) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> GcsServiceAccount.of("a@b", pem))
          .withMessage("The private_key of service account a@b is no RSA key in PKCS#8 as PEM")
          .withNoCause();
    }
    assertThat(account()).hasToString("GcsServiceAccount[" + ACCOUNT + "]");
  }
}
