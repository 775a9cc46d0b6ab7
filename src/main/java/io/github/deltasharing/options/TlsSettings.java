/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.options;

import java.io.Serializable;
import java.util.Objects;

/**
 * Which certificates TLS trusts, and which client certificate it presents. Files are those of the
 * machine that connects: the driver, and each executor. Immutable, serialisable; the passwords are
 * secrets, which {@code toString} leaves out. A class, not a record: Kryo cannot read records.
 */
public final class TlsSettings implements Serializable {
  private static final long serialVersionUID = 1L;

  private final boolean trustAll;
  private final String trustFile;
  private final String trustPassword;
  private final String clientKeyFile;
  private final String clientKeyPassword;
  private final String minVersion;

  TlsSettings(boolean trustAll) {
    this(trustAll, null, null, null, null, null);
  }

  private TlsSettings(
      boolean trustAll,
      String trustFile,
      String trustPassword,
      String clientKeyFile,
      String clientKeyPassword,
      String minVersion) {
    this.trustAll = trustAll;
    this.trustFile = trustFile;
    this.trustPassword = trustPassword;
    this.clientKeyFile = clientKeyFile;
    this.clientKeyPassword = clientKeyPassword;
    this.minVersion = minVersion;
  }

  /**
   * The same with authorities that are trusted besides the JVM's own.
   *
   * @param file certificates in PEM, or a key store (PKCS #12, JKS)
   * @param password the key store's, or null
   */
  public TlsSettings withAuthorities(String file, String password) {
    return new TlsSettings(trustAll, file, password, clientKeyFile, clientKeyPassword, minVersion);
  }

  /**
   * The same with a certificate that is shown to servers that want one.
   *
   * @param file a key store (PKCS #12, JKS) with a key and its certificates
   * @param password the key store's and the key's
   */
  public TlsSettings withClientKey(String file, String password) {
    return new TlsSettings(trustAll, trustFile, trustPassword, file, password, minVersion);
  }

  /**
   * The same with a least version.
   *
   * @param version as Java names it: {@code TLSv1.2}, {@code TLSv1.3}
   */
  public TlsSettings withMinVersion(String version) {
    return new TlsSettings(
        trustAll, trustFile, trustPassword, clientKeyFile, clientKeyPassword, version);
  }

  /** Whether any certificate is taken, of any host. */
  public boolean trustAll() {
    return trustAll;
  }

  /** Authorities that are trusted besides the JVM's own; null for none. */
  public String trustFile() {
    return trustFile;
  }

  /** A secret, or null. */
  public String trustPassword() {
    return trustPassword;
  }

  /** The key and certificate that are shown to servers that want one; null for none. */
  public String clientKeyFile() {
    return clientKeyFile;
  }

  /** A secret, or null. */
  public String clientKeyPassword() {
    return clientKeyPassword;
  }

  /** The least version; null for the JVM's own least. */
  public String minVersion() {
    return minVersion;
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof TlsSettings that
        && trustAll == that.trustAll
        && Objects.equals(trustFile, that.trustFile)
        && Objects.equals(trustPassword, that.trustPassword)
        && Objects.equals(clientKeyFile, that.clientKeyFile)
        && Objects.equals(clientKeyPassword, that.clientKeyPassword)
        && Objects.equals(minVersion, that.minVersion);
  }

  @Override
  public int hashCode() {
    return Objects.hash(
        trustAll, trustFile, trustPassword, clientKeyFile, clientKeyPassword, minVersion);
  }

  /** Without the passwords. */
  @Override
  public String toString() {
    return "TlsSettings[trustAll="
        + trustAll
        + ", trustFile="
        + trustFile
        + ", clientKeyFile="
        + clientKeyFile
        + ", minVersion="
        + minVersion
        + "]";
  }
}
