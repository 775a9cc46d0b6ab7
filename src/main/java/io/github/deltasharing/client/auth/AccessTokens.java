/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.client.auth;

import io.github.deltasharing.cache.ExpiringCache;
import io.github.deltasharing.error.ProfileErrors;
import io.github.deltasharing.options.SharingOptions;
import io.github.deltasharing.options.SharingReadConf;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;

/**
 * Gets the access tokens of a client's credentials: out of the JVM's cache, or by requests with the
 * client's options. Driver only; thread-safe.
 */
public final class AccessTokens {
  private static final int MOST_TOKENS = 256;

  /** Those of this JVM: all reads with one credential share a token. */
  private static final ExpiringCache<AccessToken> SHARED =
      new ExpiringCache<>(MOST_TOKENS, Clock.systemUTC());

  private final SharingReadConf conf;
  private final ExpiringCache<AccessToken> cache;
  private final TokenRequests requests;
  private final Duration threshold;
  private final Clock clock;

  /** Those of the JVM. */
  public AccessTokens(SharingReadConf conf) {
    this(conf, SHARED, Clock.systemUTC());
  }

  AccessTokens(SharingReadConf conf, ExpiringCache<AccessToken> cache, Clock clock) {
    this.conf = conf;
    this.cache = cache;
    this.requests = new TokenRequests(conf, clock);
    this.threshold = conf.get(SharingOptions.TOKEN_RENEWAL_THRESHOLD);
    this.clock = clock;
  }

  Clock clock() {
    return clock;
  }

  /**
   * A token that is valid now.
   *
   * @throws io.github.deltasharing.error.SharingException if there is none
   * @throws IllegalArgumentException if it may not be sent where it would be
   */
  AccessToken get(String origin, TokenCredential credential) {
    credential.showsMachineTo().forEach(to -> checkMachine(origin, to));
    return cache.get(
        "signing in with the profile " + origin,
        KeyedDigest.of(credential.key()),
        threshold,
        () -> requests.retrying(origin, () -> credential.exchange(origin, requests)),
        () -> credential.exchange(origin, requests));
  }

  /** Profiles are written by others: what is allowed to get a machine's token, its user says. */
  private void checkMachine(String origin, URI to) {
    if (!conf.sendsIdentityTo(TokenRequests.url(origin, "endpoint", to.toString()).host())) {
      throw ProfileErrors.identityNotFor(
          origin, to.getRawAuthority(), SharingOptions.WORKLOAD_IDENTITY_HOSTS.key());
    }
  }

  /** Another token than one that a server refused. */
  AccessToken replace(String origin, TokenCredential credential, AccessToken refused) {
    cache.forget(KeyedDigest.of(credential.key()), refused);
    return get(origin, credential);
  }
}
