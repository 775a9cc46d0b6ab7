/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.storage;

import com.amazonaws.DefaultRequest;
import com.amazonaws.SignableRequest;
import com.amazonaws.auth.AWS4Signer;
import com.amazonaws.auth.AWSCredentials;
import com.amazonaws.http.HttpMethodName;
import io.github.deltasharing.server.error.ServerError;
import java.net.URI;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Signs requests without a body by their headers, with the SDK's signature. Signed are the host and
 * the headers whose names start with {@code x-amz-}, which S3 wants signed; others, as that of a
 * range, may change. Stateless.
 */
final class S3HeaderSigner {
  private static final String CONTENT = "x-amz-content-sha256";
  private static final String UNSIGNED = "UNSIGNED-PAYLOAD";
  private static final String EMPTY =
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

  /** What may be sent of S3's own headers: none of these changes what is got. */
  private static final Set<String> SIGNED =
      Set.of(CONTENT, "x-amz-checksum-mode", "x-amz-te", "x-amz-user-agent");

  private static final String OWN = "x-amz-";

  private S3HeaderSigner() {}

  /**
   * A request to sign.
   *
   * @param object the bucket's object
   * @param sent the headers that it has, names in lower case
   */
  record Unsigned(String method, RequestSigner.Target object, Map<String, String> sent) {}

  static SignedRequest sign(
      StoreUrls urls, String region, AWSCredentials credentials, Unsigned unsigned, Instant now) {
    String origin = urls.origin(unsigned.object().bucketInPath());
    String path = urls.path(unsigned.object());
    SignableRequest<Object> request = new DefaultRequest<>("s3");
    DefaultRequest<?> changed = (DefaultRequest<?>) request;
    changed.setHttpMethod(HttpMethodName.fromValue(unsigned.method()));
    changed.setEndpoint(URI.create(origin));
    changed.setResourcePath(path);
    unsigned
        .sent()
        .forEach(
            (name, value) -> {
              if (name.startsWith(OWN)) {
                requireKnown(name, value);
                request.addHeader(name, value);
              }
            });
    if (!unsigned.sent().containsKey(CONTENT)) {
      request.addHeader(CONTENT, UNSIGNED);
    }
    Signer signer = new Signer();
    signer.setServiceName("s3");
    signer.setRegionName(region);
    signer.setOverrideDate(Date.from(now));
    signer.sign(request, credentials);
    Map<String, List<String>> more = new TreeMap<>();
    request
        .getHeaders()
        .forEach(
            (name, value) -> {
              String lower = name.toLowerCase(Locale.ROOT);
              if (!lower.equals("host") && !unsigned.sent().containsKey(lower)) {
                more.put(name, List.of(value));
              }
            });
    return new SignedRequest(origin + path, more);
  }

  private static void requireKnown(String name, String value) {
    boolean known = SIGNED.contains(name);
    if (name.equals(CONTENT)) {
      known = value.equals(UNSIGNED) || value.equals(EMPTY);
    }
    if (!known || value.chars().anyMatch(c -> c < 0x20 || c > 0x7e)) {
      throw ServerError.invalid(
          "Cannot sign a request with the header %s, or with this value of it"
              .formatted(name.matches("[a-z0-9-]{1,64}") ? name : OWN + "…"));
    }
  }

  /** Signs what the header says of the body. */
  private static final class Signer extends AWS4Signer {
    Signer() {
      super(false);
    }

    @Override
    protected String calculateContentHash(SignableRequest<?> request) {
      return request.getHeaders().get(CONTENT);
    }
  }
}
