/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.testing;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Temporary credentials for an {@link S3Store}, and the rule of an {@link S3Relay} that checks what
 * s3proxy does not: that each request with such a key carries its session token, that it has not
 * expired, and that it stays below a prefix. Refusals are those that AWS documents. Thread-safe.
 */
public final class S3Sessions implements Function<S3Request, Optional<StubAnswer>> {
  private final S3Store store;
  private final Map<String, Session> sessions = new ConcurrentHashMap<>();

  /**
   * A temporary credential.
   *
   * @param bucket that it reaches
   * @param prefix of all keys that it reaches there
   */
  public record Session(
      S3Store.Key key, String token, Instant expiration, String bucket, String prefix) {
    /** Without secret and token. */
    @Override
    public String toString() {
      return key + " for " + bucket + "/" + prefix + " until " + expiration;
    }
  }

  public S3Sessions(S3Store store) {
    this.store = store;
  }

  /** A new credential, which this rule knows. */
  public Session issue(String bucket, String prefix, Duration life) {
    Session session =
        new Session(
            store.newKey(bucket), S3Store.random(32), Instant.now().plus(life), bucket, prefix);
    sessions.put(session.key().id(), session);
    return session;
  }

  /**
   * A new credential for a table's directory, as fields of the protocol's response.
   *
   * @param at where recipients reach the store
   * @param location of the table, {@code s3a://bucket/prefix}
   */
  public String credential(S3Relay at, String location, Duration life) {
    URI place = URI.create(location);
    return fields(issue(place.getAuthority(), place.getPath().substring(1), life), at);
  }

  /** A credential as fields of the protocol's response. */
  public static String fields(Session session, S3Relay at) {
    return """
        "awsTempCredentials":{"accessKeyId":"%s","secretAccessKey":"%s","sessionToken":"%s",\
        "endpoint":"%s","region":"%s","pathStyleAccess":true},"expirationTime":%d"""
        .formatted(
            session.key().id(),
            session.key().secret(),
            session.token(),
            at.endpoint(),
            S3Store.REGION,
            session.expiration().toEpochMilli());
  }

  /** Keys that it has not issued are none of its business. */
  @Override
  public Optional<StubAnswer> apply(S3Request request) {
    Session session = sessions.get(request.keyId());
    if (session == null) {
      return Optional.empty();
    }
    if (request.sessionToken().isEmpty()) {
      return refusal(403, "InvalidAccessKeyId", "The key does not exist without its token.");
    }
    if (!request.sessionToken().equals(session.token())) {
      return refusal(400, "InvalidToken", "The provided token is malformed or otherwise invalid.");
    }
    if (Instant.now().isAfter(session.expiration())) {
      return refusal(400, "ExpiredToken", "The provided token has expired.");
    }
    String name =
        request.kind() == S3Request.Kind.LIST
            ? request.query().getOrDefault("prefix", "")
            : request.key();
    return name.startsWith(session.prefix())
        ? Optional.empty()
        : refusal(403, "AccessDenied", "Access Denied");
  }

  /** A refusal in S3's form. */
  public static Optional<StubAnswer> refusal(int status, String code, String message) {
    String xml =
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <Error><Code>%s</Code><Message>%s</Message><RequestId>4442587FB7D0A2F9</RequestId></Error>"""
            .formatted(code, message);
    return Optional.of(
        StubAnswer.status(status)
            .withHeader("Content-Type", "application/xml")
            .withBody(xml.getBytes(StandardCharsets.UTF_8)));
  }
}
