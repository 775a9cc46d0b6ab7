/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.options;

import io.github.deltasharing.error.SharingErrors;
import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * Which certificates TLS trusts, and which client certificate it presents. Has the files' bytes:
 * the driver reads them, executors get them. Immutable, serialisable; keys and passwords are
 * secrets, which {@code toString} leaves out. A class, not a record: Kryo cannot read records.
 */
public final class TlsSettings implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final String PEM = "-----BEGIN";

  private final boolean trustAll;
  private final String minVersion;
  private final KeyFile authorities;
  private final KeyFile clientKey;
  private final boolean keyOnExecutors;

  private TlsSettings(
      boolean trustAll,
      String minVersion,
      KeyFile authorities,
      KeyFile clientKey,
      boolean keyOnExecutors) {
    this.trustAll = trustAll;
    this.minVersion = minVersion;
    this.authorities = authorities;
    this.clientKey = clientKey;
    this.keyOnExecutors = keyOnExecutors;
  }

  static TlsSettings of(SharingReadConf conf, OptionFiles files) {
    KeyFile trusted =
        file(conf, NetworkOptions.SSL_TRUST_STORE, NetworkOptions.SSL_TRUST_STORE_PASSWORD, files);
    KeyFile key =
        file(conf, NetworkOptions.SSL_KEY_STORE, NetworkOptions.SSL_KEY_STORE_PASSWORD, files);
    if (key != null) {
      // Fails here, where the user sees it, and not at the first connection.
      key.keys(new char[0]);
    }
    return new TlsSettings(
        conf.get(SharingOptions.SSL_TRUST_ALL),
        conf.get(NetworkOptions.SSL_MIN_VERSION),
        trusted == null ? null : trusted.authorities(),
        key,
        conf.get(NetworkOptions.SSL_KEY_STORE_ON_EXECUTORS));
  }

  private static KeyFile file(
      SharingReadConf conf,
      ConfigOption<String> option,
      ConfigOption<String> password,
      OptionFiles files) {
    String location = conf.get(option);
    return location == null
        ? null
        : new KeyFile(
            option.key(), password.key(), bytes(option, location, files), conf.get(password));
  }

  private static byte[] bytes(ConfigOption<String> option, String location, OptionFiles files) {
    if (location.startsWith(PEM)) {
      if (location.contains("PRIVATE KEY-----")) {
        throw SharingErrors.keyInOption(option.key());
      }
      return location.getBytes(StandardCharsets.US_ASCII);
    }
    try {
      return files.read(location);
    } catch (IOException | RuntimeException e) {
      throw SharingErrors.unreadableFile(option.key(), location, e);
    }
  }

  /** The same without the client's key, unless it is to be shown to stores. */
  TlsSettings forExecutors() {
    return keyOnExecutors || clientKey == null
        ? this
        : new TlsSettings(trustAll, minVersion, authorities, null, false);
  }

  /** Whether any certificate is taken, of any host. */
  public boolean trustAll() {
    return trustAll;
  }

  /** The least version, as Java names it; null for the JVM's own least. */
  public String minVersion() {
    return minVersion;
  }

  /** Authorities that are trusted besides the JVM's own; null for none. */
  public KeyFile authorities() {
    return authorities;
  }

  /** The key and certificate that are shown to servers that want one; null for none. */
  public KeyFile clientKey() {
    return clientKey;
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof TlsSettings that
        && trustAll == that.trustAll
        && Objects.equals(minVersion, that.minVersion)
        && Objects.equals(authorities, that.authorities)
        && Objects.equals(clientKey, that.clientKey)
        && keyOnExecutors == that.keyOnExecutors;
  }

  @Override
  public int hashCode() {
    return Objects.hash(trustAll, minVersion, authorities, clientKey, keyOnExecutors);
  }

  /** Without keys and passwords. */
  @Override
  public String toString() {
    return "TlsSettings[trustAll="
        + trustAll
        + ", minVersion="
        + minVersion
        + ", authorities="
        + authorities
        + ", clientKey="
        + clientKey
        + "]";
  }
}
