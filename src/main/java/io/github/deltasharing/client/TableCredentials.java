/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.client;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.deltasharing.cache.ExpiringCache;
import io.github.deltasharing.error.AccessErrors;
import io.github.deltasharing.protocol.TemporaryCredential;
import io.github.deltasharing.protocol.codec.MalformedResponseException;
import io.github.deltasharing.protocol.codec.RequestField;
import io.github.deltasharing.protocol.codec.TemporaryCredentialCodec;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/**
 * Gets temporary credentials to tables' directories: out of the JVM's cache, in which each belongs
 * to one recipient at one server, one table and one directory, or by a request. Driver only;
 * thread-safe.
 */
final class TableCredentials {
  private static final int MOST_CREDENTIALS = 1024;

  /** How long before its end one is replaced, at most; a short-lived one later. */
  static final Duration AHEAD = Duration.ofMinutes(5);

  /** The life of one of which the server does not say it. */
  static final Duration UNKNOWN_LIFE = Duration.ofMinutes(10);

  /** None is kept longer, whatever the server says: no cloud gives one for longer. */
  static final Duration LONGEST_LIFE = Duration.ofDays(1);

  private static final ExpiringCache<TableCredential> SHARED =
      new ExpiringCache<>(MOST_CREDENTIALS, Clock.systemUTC());

  private final RestCaller rest;
  private final ExpiringCache<TableCredential> cache;
  private final Clock clock;

  TableCredentials(RestCaller rest) {
    this(rest, SHARED, Clock.systemUTC());
  }

  TableCredentials(RestCaller rest, ExpiringCache<TableCredential> cache, Clock clock) {
    this.rest = rest;
    this.cache = cache;
    this.clock = clock;
  }

  /**
   * One that is valid now.
   *
   * @param path the table's, below the endpoint
   * @param location one of the table's directories; null for its root
   * @throws io.github.deltasharing.error.SharingException if there is none
   */
  TableCredential get(TableName table, String path, String location) {
    RestRequest request = request(table, path, location);
    return cache.get(
        request.what(),
        key(table, location),
        AHEAD,
        () -> rest.call(request, response -> read(table, location, response)),
        () -> rest.callOnce(request, response -> read(table, location, response)));
  }

  /** Another one than one that the store refused. */
  TableCredential replace(TableName table, String path, String location, TableCredential refused) {
    cache.forget(key(table, location), refused);
    return get(table, path, location);
  }

  private static RestRequest request(TableName table, String path, String location) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    RequestField.LOCATION.put(body, location);
    return new RestRequest(
            "temporary credential for " + table,
            path + "/temporary-table-credentials",
            body.toString(),
            null,
            AsOf.latest())
        .ifRefused(AccessErrors.READ_BY_URLS);
  }

  private TableCredential read(TableName table, String location, RestResponse response)
      throws IOException, MalformedResponseException {
    TemporaryCredential read = TemporaryCredentialCodec.read(response.bounded().body());
    Instant now = clock.instant();
    Instant latest = now.plus(LONGEST_LIFE);
    Instant expires = now.plus(UNKNOWN_LIFE);
    if (read.expirationTime() != null) {
      // By the server's clock. A number beyond all times is a long life.
      long until = Math.min(read.expirationTime(), latest.toEpochMilli() * 2);
      expires = Instant.ofEpochMilli(until).plusMillis(response.clockAhead(now.toEpochMilli()));
    }
    if (!expires.isAfter(now)) {
      throw AccessErrors.expiredCredential(table.toString(), rest.host(), expires);
    }
    return new TableCredential(
        location == null ? read.location() : location,
        read.credential(),
        now,
        expires.isAfter(latest) ? latest : expires);
  }

  /** No secret is in it: the recipient is a keyed digest. */
  private String key(TableName table, String location) {
    String names = table.toString().toLowerCase(Locale.ROOT);
    return rest.recipient().digest() + "\n" + names + "\n" + (location == null ? "" : location);
  }
}
