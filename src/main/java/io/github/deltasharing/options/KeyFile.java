/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.options;

import io.github.deltasharing.error.SharingErrors;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.Serializable;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.UnrecoverableKeyException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

/**
 * The content of a file with certificates or keys that an option names: PEM or a key store (PKCS
 * #12, JKS). Equal by its digest, which pools of connections look at often. Immutable,
 * serialisable; a class, not a record, for Kryo.
 */
public final class KeyFile implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final String KINDS =
      "It has to be PEM or a key store (PKCS #12, JKS) whose password is that of the option '";

  private final String option;
  private final String passwordOption;
  private final byte[] bytes;
  private final String password;
  private final String digest;

  KeyFile(String option, String passwordOption, byte[] bytes, String password) {
    this.option = option;
    this.passwordOption = passwordOption;
    this.bytes = bytes;
    this.password = password;
    try {
      this.digest = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Its certificates of authorities alone, as PEM: no keys, and no password. */
  KeyFile authorities() {
    List<X509Certificate> found = certificates();
    if (found.isEmpty()) {
      throw SharingErrors.unusableFile(
          option, "it has no certificate of an authority", KINDS + passwordOption + "'.", null);
    }
    try {
      return new KeyFile(option, passwordOption, PemFile.of(found), null);
    } catch (GeneralSecurityException e) {
      throw unusable(e);
    }
  }

  /**
   * The certificates of PEM, or the trusted ones of a key store, without those of its keys.
   *
   * @throws IllegalArgumentException if it is no such file, naming the option
   */
  public List<X509Certificate> certificates() {
    try {
      if (PemFile.is(bytes)) {
        return PemFile.certificates(bytes);
      }
      KeyStore store = store(secret());
      List<X509Certificate> trusted = new ArrayList<>();
      for (String alias : Collections.list(store.aliases())) {
        if (store.isCertificateEntry(alias)
            && store.getCertificate(alias) instanceof X509Certificate certificate) {
          trusted.add(certificate);
        }
      }
      return trusted;
    } catch (IOException | GeneralSecurityException e) {
      throw unusable(e);
    }
  }

  /**
   * Its private keys with their certificates.
   *
   * @param inStore the password of the keys in the result
   * @throws IllegalArgumentException if it has none, naming the option
   */
  public KeyStore keys(char[] inStore) {
    try {
      KeyStore keys = KeyStore.getInstance("PKCS12");
      keys.load(null, null);
      String secret = secret();
      if (PemFile.is(bytes)) {
        Certificate[] chain = PemFile.certificates(bytes).toArray(Certificate[]::new);
        if (chain.length == 0) {
          throw SharingErrors.unusableFile(
              option,
              "it has a key but no certificate",
              "Put the key and the certificates into one file.",
              null);
        }
        keys.setKeyEntry("key", PemFile.key(bytes, option, secret), inStore, chain);
        return keys;
      }
      KeyStore store = store(secret);
      char[] password = secret == null ? new char[0] : secret.toCharArray();
      for (String alias : Collections.list(store.aliases())) {
        if (store.isKeyEntry(alias)) {
          keys.setKeyEntry(
              alias, store.getKey(alias, password), inStore, store.getCertificateChain(alias));
        }
      }
      if (keys.size() == 0) {
        throw SharingErrors.unusableFile(
            option, "it has no private key", KINDS + passwordOption + "'.", null);
      }
      return keys;
    } catch (IOException | GeneralSecurityException e) {
      throw unusable(e);
    }
  }

  private String secret() {
    return OptionSecret.resolve(passwordOption, password);
  }

  private KeyStore store(String secret) throws IOException, GeneralSecurityException {
    // Each type reads the other's files as well.
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(new ByteArrayInputStream(bytes), secret == null ? null : secret.toCharArray());
    return store;
  }

  private IllegalArgumentException unusable(Exception e) {
    boolean password =
        e instanceof UnrecoverableKeyException || e.getCause() instanceof UnrecoverableKeyException;
    // No message of Java's: it adds nothing, and some quote what they read.
    return SharingErrors.unusableFile(
        option,
        password ? "its password is another one" : "it cannot be read as PEM or as a key store",
        KINDS + passwordOption + "'.",
        null);
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof KeyFile that
        && digest.equals(that.digest)
        && Objects.equals(password, that.password);
  }

  @Override
  public int hashCode() {
    return digest.hashCode();
  }

  /** Without its content. */
  @Override
  public String toString() {
    return "KeyFile[" + option + "]";
  }
}
