/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.options;

import io.github.deltasharing.error.SharingErrors;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * Certificates and a private key in PEM: {@code CERTIFICATE}, {@code PRIVATE KEY} and {@code
 * ENCRYPTED PRIVATE KEY} (PKCS #8). Other parts, and text between them, are passed over. Driver and
 * executors; stateless.
 */
final class PemFile {
  private static final Pattern PART =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]*)-----END \\1-----");

  private static final String TO_PKCS8 =
      "Convert it: openssl pkcs8 -topk8 -nocrypt -in key.pem -out pkcs8.pem.";

  private PemFile() {}

  static boolean is(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1).contains("-----BEGIN ");
  }

  private static List<byte[]> parts(byte[] bytes, String kind) throws CertificateException {
    List<byte[]> parts = new ArrayList<>();
    Matcher part = PART.matcher(new String(bytes, StandardCharsets.ISO_8859_1));
    while (part.find()) {
      if (part.group(1).equals(kind)) {
        try {
          parts.add(Base64.getMimeDecoder().decode(part.group(2)));
        } catch (IllegalArgumentException e) {
          throw new CertificateException("its base64 is damaged");
        }
      }
    }
    return parts;
  }

  static List<X509Certificate> certificates(byte[] bytes) throws CertificateException {
    CertificateFactory x509 = CertificateFactory.getInstance("X.509");
    List<X509Certificate> all = new ArrayList<>();
    for (byte[] part : parts(bytes, "CERTIFICATE")) {
      all.add((X509Certificate) x509.generateCertificate(new ByteArrayInputStream(part)));
    }
    return all;
  }

  /** Certificates as PEM. */
  static byte[] of(List<? extends Certificate> certificates) throws CertificateException {
    StringBuilder pem = new StringBuilder();
    for (Certificate each : certificates) {
      pem.append("-----BEGIN CERTIFICATE-----\n")
          .append(Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(each.getEncoded()))
          .append("\n-----END CERTIFICATE-----\n");
    }
    return pem.toString().getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * The private key.
   *
   * @param option names the file, for messages
   * @param password of an encrypted one, or null
   */
  static PrivateKey key(byte[] bytes, String option, String password)
      throws GeneralSecurityException, IOException {
    List<byte[]> encrypted = parts(bytes, "ENCRYPTED PRIVATE KEY");
    if (!encrypted.isEmpty()) {
      return key(decrypted(encrypted.get(0), password == null ? "" : password), option);
    }
    List<byte[]> plain = parts(bytes, "PRIVATE KEY");
    if (plain.isEmpty()) {
      throw SharingErrors.unusableFile(
          option, "it has no private key in PKCS #8 (-----BEGIN PRIVATE KEY-----)", TO_PKCS8, null);
    }
    return key(plain.get(0), option);
  }

  private static byte[] decrypted(byte[] part, String password)
      throws GeneralSecurityException, IOException {
    EncryptedPrivateKeyInfo info = new EncryptedPrivateKeyInfo(part);
    AlgorithmParameters parameters = info.getAlgParameters();
    // PBES2 names its parts in its parameters.
    String algorithm = parameters == null ? info.getAlgName() : parameters.toString();
    Cipher cipher = Cipher.getInstance(algorithm);
    cipher.init(
        Cipher.DECRYPT_MODE,
        SecretKeyFactory.getInstance(algorithm)
            .generateSecret(new PBEKeySpec(password.toCharArray())),
        parameters);
    return info.getKeySpec(cipher).getEncoded();
  }

  private static PrivateKey key(byte[] pkcs8, String option) throws GeneralSecurityException {
    for (String algorithm : List.of("RSA", "EC", "EdDSA", "RSASSA-PSS")) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
      } catch (InvalidKeySpecException e) {
        // Of another algorithm.
      }
    }
    throw SharingErrors.unusableFile(
        option, "its private key is of no algorithm that Java knows", TO_PKCS8, null);
  }
}
