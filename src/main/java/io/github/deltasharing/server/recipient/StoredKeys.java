/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.recipient;

import io.github.deltasharing.server.auth.SecretToken;
import io.github.deltasharing.server.auth.Signer;
import io.github.deltasharing.server.auth.SigningKey;
import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.server.store.Database;
import io.github.deltasharing.server.store.Session;
import io.github.deltasharing.server.store.SigningKeyStore;
import io.github.deltasharing.server.store.SigningKeyStore.StoredKey;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signs with a key of the store, which all servers on it have. From time to time another key signs;
 * older ones verify for as long as anything that they signed is valid. Keys are read again each
 * minute, and when a signature is by none of them. While the database is away the keys that are
 * known go on. Safe for use by several threads.
 */
public final class StoredKeys implements Signer {
  private static final Logger LOG = LoggerFactory.getLogger(StoredKeys.class);
  private static final Duration READ_EVERY = Duration.ofMinutes(1);

  /** How long a new key waits, until all servers have it. */
  private static final Duration LEAD = READ_EVERY.multipliedBy(2);

  private static final Duration READ_AGAIN = Duration.ofSeconds(1);

  private record Key(SigningKey key, Instant signsFrom) {}

  /**
   * How long keys are used.
   *
   * @param signing how long one signs
   * @param overlap how long what it signed last is valid
   */
  public record Lifetime(Duration signing, Duration overlap) {}

  private final Database database;
  private final SigningKeyStore store = new SigningKeyStore();
  private final Optional<String> secret;
  private final Lifetime lifetime;
  private final Clock clock;
  private volatile List<Key> keys;
  private volatile long readAt;

  /**
   * Reads the keys, and makes the first one of the store.
   *
   * @param secret of the configuration: without it what is in the database signs nothing
   */
  public StoredKeys(Database database, Optional<String> secret, Lifetime lifetime, Clock clock) {
    this.database = database;
    this.secret = secret;
    this.lifetime = lifetime;
    this.clock = clock;
    read();
  }

  @Override
  public String sign(String purpose, String text) {
    readIfOlderThan(READ_EVERY);
    return signing(keys).key().sign(purpose, text);
  }

  @Override
  public boolean verify(String purpose, String text, String signature) {
    readIfOlderThan(READ_EVERY);
    return isSigned(purpose, text, signature)
        || (readIfOlderThan(READ_AGAIN) && isSigned(purpose, text, signature));
  }

  private boolean isSigned(String purpose, String text, String signature) {
    boolean signed = false;
    for (Key key : keys) {
      signed |= key.key().verify(purpose, text, signature);
    }
    return signed;
  }

  /** The newest that may sign; the oldest, should the clock have gone back before all of them. */
  private Key signing(List<Key> all) {
    Instant now = clock.instant();
    Key newest = all.get(0);
    for (Key key : all) {
      if (!key.signsFrom().isAfter(now)) {
        newest = key;
      }
    }
    return newest;
  }

  private boolean readIfOlderThan(Duration age) {
    if (System.nanoTime() - readAt < age.toNanos()) {
      return false;
    }
    synchronized (this) {
      if (System.nanoTime() - readAt < age.toNanos()) {
        return true;
      }
      readAt = System.nanoTime();
      try {
        read();
        return true;
      } catch (ServerError e) {
        LOG.warn("The signing keys could not be read again: {}", e.getMessage());
        return false;
      }
    }
  }

  /** Reads the keys, and changes them if it is time; for tests too, whose clocks jump. */
  void read() {
    List<StoredKey> stored = database.read(store::list);
    if (stored.isEmpty() || isOld(stored)) {
      stored = database.write(this::rotate);
    }
    keys = stored.stream().map(key -> new Key(key(key), key.signsFrom())).toList();
    readAt = System.nanoTime();
  }

  private List<StoredKey> rotate(Session session) throws SQLException {
    List<StoredKey> stored = store.lock(session);
    Instant now = clock.instant();
    if (stored.isEmpty()) {
      store.add(session, new StoredKey(SecretToken.mint(), now, now));
    } else if (isOld(stored)) {
      store.add(session, new StoredKey(SecretToken.mint(), now, now.plus(LEAD)));
      Instant over = now.minus(lifetime.overlap());
      Optional<Instant> successor =
          stored.stream()
              .map(StoredKey::signsFrom)
              .filter(signsFrom -> signsFrom.isBefore(over))
              .max(Instant::compareTo);
      if (successor.isPresent()) {
        store.deleteBefore(session, successor.get());
      }
    }
    return store.list(session);
  }

  /** Whether no key is new; one of a time to come, when the clock was ahead, is of no account. */
  private boolean isOld(List<StoredKey> stored) {
    Instant now = clock.instant();
    return stored.stream()
        .map(StoredKey::signsFrom)
        .filter(signsFrom -> !signsFrom.isAfter(now.plus(LEAD)))
        .noneMatch(signsFrom -> !signsFrom.plus(lifetime.signing()).isBefore(now));
  }

  private SigningKey key(StoredKey stored) {
    return secret
        .map(outer -> SigningKey.derived(outer, stored.secret()))
        .orElseGet(() -> SigningKey.of(stored.secret()));
  }
}
