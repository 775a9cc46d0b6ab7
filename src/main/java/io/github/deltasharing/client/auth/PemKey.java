/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.client.auth;

import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Private keys in PEM: PKCS #8 ({@code PRIVATE KEY}), and the older PKCS #1 ({@code RSA PRIVATE
 * KEY}) and SEC 1 ({@code EC PRIVATE KEY}), which are wrapped into the first. Encrypted ones are
 * refused. Stateless.
 */
final class PemKey {
  private static final Pattern PART =
      Pattern.compile(
          "-----BEGIN ((?:RSA |EC |ENCRYPTED |OPENSSH )?PRIVATE KEY)-----(.*?)-----END \\1-----",
          Pattern.DOTALL);

  /** AlgorithmIdentifier of rsaEncryption. */
  private static final byte[] RSA = HexFormat.of().parseHex("300d06092a864886f70d0101010500");

  /** AlgorithmIdentifier of id-ecPublicKey, with the curve P-256. */
  private static final byte[] EC_P256 =
      HexFormat.of().parseHex("301306072a8648ce3d020106082a8648ce3d030107");

  private static final byte[] VERSION_0 = {2, 1, 0};

  /** The bytes of P-256's private number. */
  private static final int P256_BYTES = 32;

  /** Version 1, and the head of a number of as many bytes, in hexadecimal. */
  private static final String P256_NUMBER = "0201010420";

  /** The curve's object identifier, in hexadecimal. */
  private static final String P256_NAME = "06082a8648ce3d030107";

  private static final int SEQUENCE = 0x30;
  private static final int OCTETS = 0x04;

  private PemKey() {}

  /** A key that cannot be used; the message says why, after "it", without the key. */
  static final class Unusable extends Exception {
    private static final long serialVersionUID = 1L;

    Unusable(String reason) {
      super(reason, null, false, false);
    }
  }

  /**
   * Reads the first private key.
   *
   * @param algorithm what the key has to be for, as Java names it: RSA or EC
   */
  static PrivateKey read(String pem, String algorithm) throws Unusable {
    Matcher part = PART.matcher(pem);
    if (!part.find()) {
      throw new Unusable("holds no private key in PEM (-----BEGIN PRIVATE KEY-----)");
    }
    String kind = part.group(1);
    if (kind.startsWith("ENCRYPTED") || part.group(2).contains("ENCRYPTED")) {
      throw new Unusable(
          "is encrypted, and there is no place for its password: decrypt it (openssl pkcs8 -topk8 -nocrypt) and"
              + " protect the file instead");
    }
    if (kind.startsWith("OPENSSH")) {
      throw new Unusable("is in the form of SSH: convert it (ssh-keygen -p -m PEM)");
    }
    if (kind.startsWith("RSA") && algorithm.equals("EC")
        || kind.startsWith("EC") && algorithm.equals("RSA")) {
      throw new Unusable("is for another algorithm than 'algorithm' names");
    }
    try {
      byte[] der = Base64.getMimeDecoder().decode(part.group(2));
      byte[] pkcs8 =
          switch (kind) {
            case "RSA PRIVATE KEY" -> sequence(VERSION_0, RSA, element(OCTETS, der));
            case "EC PRIVATE KEY" -> sequence(VERSION_0, EC_P256, element(OCTETS, onP256(der)));
            default -> der;
          };
      return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      // Its message may quote the key.
      throw new Unusable("is no private key for what 'algorithm' names, or it is damaged");
    }
  }

  /** ECPrivateKey: its version, the private number, then perhaps the curve and the public key. */
  private static byte[] onP256(byte[] der) throws Unusable {
    String hex = HexFormat.of().formatHex(der);
    int number = hex.indexOf(P256_NUMBER) + P256_NUMBER.length();
    boolean sized = number >= P256_NUMBER.length();
    String rest = sized ? hex.substring(Math.min(hex.length(), number + 2 * P256_BYTES)) : "";
    if (!sized || rest.startsWith("a0") && !rest.startsWith(P256_NAME, 4)) {
      throw new Unusable("is not of the curve P-256, which ES256 wants");
    }
    return der;
  }

  private static byte[] sequence(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return element(SEQUENCE, all.toByteArray());
  }

  private static byte[] element(int tag, byte[] content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(tag);
    int length = content.length;
    if (length < 0x80) {
      out.write(length);
    } else if (length < 0x100) {
      out.write(0x81);
      out.write(length);
    } else {
      out.write(0x82);
      out.write(length >> 8);
      out.write(length);
    }
    out.writeBytes(content);
    return out.toByteArray();
  }
}
