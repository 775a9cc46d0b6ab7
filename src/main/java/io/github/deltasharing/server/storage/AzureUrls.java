/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.storage;

import io.github.deltasharing.presign.AzureAccountKey;
import io.github.deltasharing.presign.AzureContainer;
import io.github.deltasharing.presign.AzureSas;
import io.github.deltasharing.presign.AzureSasSigner;
import io.github.deltasharing.presign.AzureSigningKey;
import io.github.deltasharing.server.config.ConfigException;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;

/**
 * URLs of the files of one container of Azure, with signatures that permit to read one file. They
 * are signed with what Hadoop's file system of Azure signs in with, by its settings ({@code
 * fs.azure.account.…}, of the account or of all): the account's key, or keys that Azure gives to an
 * application ({@link UserDelegationKeys}). Immutable, safe for use by several threads.
 */
final class AzureUrls implements ObjectUrls {
  private static final String KEY = "fs.azure.account.key";
  private static final String TYPE = "fs.azure.account.auth.type";
  private static final String PROVIDER = "fs.azure.account.oauth.provider.type";
  private static final String CLIENT = "fs.azure.account.oauth2.client.";

  private final AzureContainer container;
  private final Function<Instant, ? extends AzureSigningKey> keys;
  private final Clock clock;

  /**
   * Creates the URLs' signer.
   *
   * @param keys gives a key that is valid until then, if there is one
   */
  AzureUrls(
      AzureContainer container, Function<Instant, ? extends AzureSigningKey> keys, Clock clock) {
    this.container = container;
    this.keys = keys;
    this.clock = clock;
  }

  /**
   * The signer for a table's container, by Hadoop's settings.
   *
   * @param location {@code abfss://container@account.dfs.core.windows.net/…}
   * @param publicEndpoint where recipients find the account's blobs, if it is elsewhere
   */
  static AzureUrls of(
      URI location, Configuration hadoop, Optional<String> publicEndpoint, Clock clock) {
    String authority = location.getRawAuthority();
    int at = authority == null ? -1 : authority.indexOf('@');
    if (at < 0) {
      throw new ConfigException(
          "The location "
              + location
              + " names no account: it must be abfss://container@account.dfs.core.windows.net/path");
    }
    String host = authority.substring(at + 1).toLowerCase(Locale.ROOT);
    String account = host.split("[.:]", 2)[0];
    // The API of blobs, which has the same files under another name, takes signatures of blobs.
    String blobs = "https://" + host.replaceFirst("\\.dfs\\.", ".blob.");
    try {
      return new AzureUrls(
          new AzureContainer(publicEndpoint.orElse(blobs), account, authority.substring(0, at)),
          keys(new Settings(hadoop, host), account, blobs, clock),
          clock);
    } catch (IllegalArgumentException e) {
      throw new ConfigException("Files of " + location + " cannot be shared: " + e.getMessage(), e);
    }
  }

  private static Function<Instant, ? extends AzureSigningKey> keys(
      Settings settings, String account, String blobs, Clock clock) {
    String type = settings.find(TYPE).orElse("SharedKey");
    if (type.equalsIgnoreCase("SharedKey")) {
      AzureSigningKey key = new AzureAccountKey(account, settings.get(KEY));
      return end -> key;
    }
    String provider = settings.find(PROVIDER).orElse("");
    if (!type.equalsIgnoreCase("OAuth") || !provider.endsWith("ClientCredsTokenProvider")) {
      throw new IllegalArgumentException(
          "URLs are signed with an account's key or by an application that signs in with a secret:"
              + " set "
              + TYPE
              + " to SharedKey, or to OAuth with "
              + PROVIDER
              + " ClientCredsTokenProvider");
    }
    AzureApplication application =
        new AzureApplication(
            URI.create(settings.get(CLIENT + "endpoint")),
            settings.get(CLIENT + "id"),
            settings.get(CLIENT + "secret"));
    return new UserDelegationKeys(
        new AzureKeyRequests(account, URI.create(blobs), application), clock);
  }

  @Override
  public PresignedUrl sign(String key, Instant expiry) {
    Instant now = clock.instant();
    AzureSasSigner signer =
        new AzureSas(container, keys.apply(expiry)).start(now, ObjectUrls.lifetime(now, expiry));
    return new PresignedUrl(signer.get(key), signer.expiry());
  }

  @Override
  public String toString() {
    return "AzureUrls[" + container + "]";
  }

  /** As Hadoop reads them: those of the account come first, and secrets may be in a key store. */
  private record Settings(Configuration hadoop, String host) {
    Optional<String> find(String name) {
      try {
        char[] value = hadoop.getPassword(name + "." + host);
        value = value == null ? hadoop.getPassword(name) : value;
        return Optional.ofNullable(value).map(text -> new String(text).strip());
      } catch (IOException e) {
        throw new ConfigException("Cannot read " + name + " of " + host + ": " + e, e);
      }
    }

    String get(String name) {
      return find(name)
          .filter(value -> !value.isEmpty())
          .orElseThrow(() -> new IllegalArgumentException(name + "." + host + " is not set"));
    }
  }
}
