/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.presign;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Signs URLs of one bucket that are valid for the same time. All that they have in common is made
 * once, so that a URL costs two hashes. Keeps a hash's state: for one thread at a time.
 */
public final class V4Signer {
  private static final HexFormat HEX = HexFormat.of();
  private static final Pattern METHOD = Pattern.compile("[A-Z]{1,16}");
  private static final int HASH = 64;

  /** Makes a signature of the text; the state of a MAC or an RSA key is behind it. */
  @FunctionalInterface
  interface TextSigner {
    byte[] sign(byte[] text) throws GeneralSecurityException;
  }

  /** What is signed for: a bucket, and the scope of the signature. */
  record Place(StoreEndpoint endpoint, String bucket, String region, String service) {}

  private final V4Dialect dialect;
  private final SigningPeriod period;
  private final TextSigner signer;
  private final MessageDigest digest;
  private final String signedHost;
  private final String origin;
  private final String bucketPath;
  private final SortedMap<String, String> parameters = new TreeMap<>();
  private final String query;
  private final byte[] queryAndHeaders;

  /** The text to sign, whose end is the request's hash, anew for each URL. */
  private final byte[] textToSign;

  V4Signer(
      V4Dialect dialect,
      Place place,
      String keyId,
      Optional<String> token,
      SigningPeriod period,
      TextSigner signer) {
    this.dialect = dialect;
    this.period = period;
    this.signer = signer;
    this.digest = sha256();
    StoreEndpoint endpoint = place.endpoint();
    boolean inPath = endpoint.isInPath(place.bucket());
    String bucketHost = inPath ? "" : place.bucket() + ".";
    this.signedHost = bucketHost + dialect.signedHost(endpoint);
    this.origin = endpoint.scheme() + "://" + bucketHost + endpoint.authority();
    this.bucketPath = inPath ? "/" + place.bucket() : "";
    String time = period.timestamp();
    String scope =
        String.join(
            "/", time.substring(0, 8), place.region(), place.service(), dialect.terminator());
    set("Algorithm", dialect.algorithm());
    set("Credential", keyId + "/" + scope);
    set("Date", time);
    set("Expires", String.valueOf(period.seconds()));
    token.ifPresent(value -> set("Security-Token", value));
    set("SignedHeaders", "host");
    this.query = text(parameters);
    this.queryAndHeaders = queryAndHeaders(query);
    String start = String.join("\n", dialect.algorithm(), time, scope, "");
    this.textToSign = (start + "0".repeat(HASH)).getBytes(ISO_8859_1);
  }

  private void set(String name, String value) {
    parameters.put(dialect.prefix() + name, UriEncoding.component(value));
  }

  /** When the URLs end: not after the requested time, and maybe before. */
  public Instant expiry() {
    return period.end();
  }

  /** A URL to read an object with. */
  public String get(String key) {
    return url("GET", key, query, queryAndHeaders);
  }

  /**
   * A URL for any request without signed headers.
   *
   * @param method in capitals, as it will be sent
   * @param key the object's name, as it is; empty for requests to the bucket
   * @param more parameters, as they are, such as {@code list-type=2} and {@code prefix}
   */
  public String sign(String method, String key, Map<String, String> more) {
    if (!METHOD.matcher(method).matches()) {
      throw new IllegalArgumentException("Not a method of HTTP: " + method);
    }
    if (more.isEmpty()) {
      return url(method, key, query, queryAndHeaders);
    }
    SortedMap<String, String> all = new TreeMap<>(parameters);
    more.forEach(
        (name, value) -> {
          if (name.isEmpty()
              || all.put(UriEncoding.component(name), UriEncoding.component(value)) != null) {
            throw new IllegalArgumentException(
                "A parameter to sign has no name, or the signature's own: " + name);
          }
        });
    String text = text(all);
    return url(method, key, text, queryAndHeaders(text));
  }

  private String url(String method, String key, String text, byte[] rest) {
    // A bucket is requested as /bucket, or as / where the host names it.
    String path =
        key.isEmpty() && !bucketPath.isEmpty()
            ? bucketPath
            : bucketPath + "/" + UriEncoding.path(key);
    digest.update((method + "\n" + path + "\n").getBytes(ISO_8859_1));
    byte[] hash = digest.digest(rest);
    for (int i = 0, at = textToSign.length - HASH; i < hash.length; i++) {
      textToSign[at++] = (byte) HEX.toHighHexDigit(hash[i]);
      textToSign[at++] = (byte) HEX.toLowHexDigit(hash[i]);
    }
    try {
      return origin
          + path
          + "?"
          + text
          + "&"
          + dialect.prefix()
          + "Signature="
          + HEX.formatHex(signer.sign(textToSign));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("The credential's key does not sign", e);
    }
  }

  private byte[] queryAndHeaders(String text) {
    return (text + "\nhost:" + signedHost + "\n\nhost\nUNSIGNED-PAYLOAD").getBytes(ISO_8859_1);
  }

  private static String text(SortedMap<String, String> encoded) {
    StringBuilder text = new StringBuilder(512);
    encoded.forEach(
        (name, value) ->
            text.append(text.isEmpty() ? "" : "&").append(name).append('=').append(value));
    return text.toString();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("This JVM has no SHA-256", e);
    }
  }
}
