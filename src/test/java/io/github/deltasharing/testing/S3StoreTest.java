/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.assertj.core.api.ThrowingConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The store of the tests refuses what S3 refuses; without that, tests against it show nothing. */
@Tag("unit")
class S3StoreTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final S3Store store = S3Store.shared();
  private final S3Relay relay = new S3Relay(store.endpoint());
  private final String bucket = store.newBucket("first");
  private final S3Store.Key key = store.newKey(bucket);

  @BeforeEach
  void fill(@TempDir Path directory) throws IOException {
    Path file = Files.createDirectories(directory.resolve("a b")).resolve("x=1 é.txt");
    Files.writeString(file, "content");
    Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2024-01-01T00:00:00Z")));
    assertThat(store.copy(directory, bucket, "t/")).isEqualTo(1);
  }

  @AfterEach
  void close() {
    relay.close();
  }

  @Test
  void signedRequestsAreAnsweredWithTheFileAndItsTime() throws Exception {
    HttpResponse<String> response = get(bucket, object(), key, Map.of());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    assertThat(response.body()).isEqualTo("content");
    assertThat(response.headers().firstValue("Last-Modified"))
        .contains("Mon, 01 Jan 2024 00:00:00 GMT");
    assertThat(get(bucket, "", key, Map.of("list-type", "2", "prefix", "t/")).body())
        .contains("<Key>t/a b/x=1 é.txt</Key>", "<Size>7</Size>", "2024-01-01T00:00:00");
    assertThat(relay.counts()).isEqualTo(Map.of(S3Request.Kind.GET, 1L, S3Request.Kind.LIST, 1L));
    assertThat(relay.requests(S3Request.Kind.GET).get(0).key()).isEqualTo("t/a b/x=1 é.txt");
    assertThat(relay.connections()).isEqualTo(1);
  }

  @Test
  void refusesOtherKeysAndSignatures() throws Exception {
    String other = store.newBucket("second");
    assertThat(get(other, object(), key, Map.of())).satisfies(refused(403, "AccessDenied"));
    S3Store.Key wrong = new S3Store.Key(key.id(), key.secret() + "x");
    assertThat(get(bucket, object(), wrong, Map.of()))
        .satisfies(refused(403, "SignatureDoesNotMatch"));
    S3Store.Key unknown = new S3Store.Key("AKIAUNKNOWN", key.secret());
    assertThat(get(bucket, object(), unknown, Map.of()))
        .satisfies(refused(403, "InvalidAccessKeyId"));
    store.revoke(key);
    assertThat(get(bucket, object(), key, Map.of())).satisfies(refused(403, "InvalidAccessKeyId"));
    // S3's answer is 403.
    assertThat(get(URI.create(relay.endpoint() + "/" + bucket + object())).statusCode())
        .isEqualTo(404);
  }

  @Test
  void sessionsNeedTheirTokenAndPrefixAndExpire() throws Exception {
    S3Sessions sessions = new S3Sessions(store);
    relay.answerBy(sessions);
    S3Sessions.Session session = sessions.issue(bucket, "t/", Duration.ofMinutes(1));
    String name = "X-Amz-Security-Token";
    Map<String, String> token = Map.of(name, session.token());
    assertThat(get(bucket, object(), session.key(), token).statusCode()).isEqualTo(200);
    assertThat(get(bucket, object(), session.key(), Map.of()))
        .satisfies(refused(403, "InvalidAccessKeyId"));
    assertThat(get(bucket, object(), session.key(), Map.of(name, "other")))
        .satisfies(refused(400, "InvalidToken"));
    assertThat(get(bucket, "/u/x", session.key(), token)).satisfies(refused(403, "AccessDenied"));
    S3Sessions.Session over = sessions.issue(bucket, "t/", Duration.ofMillis(-1));
    assertThat(get(bucket, object(), over.key(), Map.of(name, over.token())))
        .satisfies(refused(400, "ExpiredToken"));
  }

  @Test
  void rulesAnswerInTheStoresPlace() throws Exception {
    relay.answerBy(
        request ->
            request.kind() == S3Request.Kind.GET
                ? S3Sessions.refusal(503, "SlowDown", "Reduce your request rate.")
                : Optional.empty());
    assertThat(get(bucket, object(), key, Map.of())).satisfies(refused(503, "SlowDown"));
    relay.letThrough();
    assertThat(get(bucket, object(), key, Map.of()).statusCode()).isEqualTo(200);
  }

  private static String object() {
    return "/t/a%20b/x%3D1%20%C3%A9.txt";
  }

  private static ThrowingConsumer<HttpResponse<String>> refused(int status, String code) {
    return response -> {
      assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
      assertThat(response.body()).contains("<Code>" + code + "</Code>");
    };
  }

  /**
   * Presigned as the documentation of S3 says: "Authenticating Requests: Using Query Parameters".
   */
  private HttpResponse<String> get(
      String of, String path, S3Store.Key by, Map<String, String> parameters)
      throws IOException, InterruptedException, GeneralSecurityException {
    String time =
        DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'")
            .withZone(ZoneOffset.UTC)
            .format(Instant.now());
    String scope = time.substring(0, 8) + "/" + S3Store.REGION + "/s3/aws4_request";
    Map<String, String> all = new TreeMap<>(parameters);
    all.put("X-Amz-Algorithm", "AWS4-HMAC-SHA256");
    all.put("X-Amz-Credential", by.id() + "/" + scope);
    all.put("X-Amz-Date", time);
    all.put("X-Amz-Expires", "60");
    all.put("X-Amz-SignedHeaders", "host");
    String query =
        all.entrySet().stream()
            .map(pair -> pair.getKey() + "=" + pair.getValue().replace("/", "%2F"))
            .collect(Collectors.joining("&"));
    String request =
        "GET\n/%s%s\n%s\nhost:%s\n\nhost\nUNSIGNED-PAYLOAD"
            .formatted(of, path, query, relay.endpoint().getAuthority());
    byte[] hash =
        MessageDigest.getInstance("SHA-256").digest(request.getBytes(StandardCharsets.UTF_8));
    byte[] signing = ("AWS4" + by.secret()).getBytes(StandardCharsets.UTF_8);
    for (String part : scope.split("/")) {
      signing = mac(signing, part);
    }
    String text =
        "AWS4-HMAC-SHA256\n%s\n%s\n%s".formatted(time, scope, HexFormat.of().formatHex(hash));
    URI uri =
        URI.create(
            "%s/%s%s?%s&X-Amz-Signature=%s"
                .formatted(
                    relay.endpoint(),
                    of,
                    path,
                    query,
                    HexFormat.of().formatHex(mac(signing, text))));
    return get(uri);
  }

  private static HttpResponse<String> get(URI uri) throws IOException, InterruptedException {
    return HTTP.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
  }

  private static byte[] mac(byte[] key, String text) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
  }
}
