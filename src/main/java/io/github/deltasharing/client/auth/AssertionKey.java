/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.client.auth;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.deltasharing.error.ProfileErrors;
import io.github.deltasharing.protocol.codec.UntrustedJson;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.ECKey;
import java.security.interfaces.RSAKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.stream.Collectors;

/**
 * A private key that assertions are signed with. It is read each time, so that a new one in its
 * place is used. Driver only; immutable.
 *
 * @param location a file of the driver, or {@code env:NAME} for PEM in an environment variable
 * @param keyId tells the identity provider which of the client's keys it is
 */
record AssertionKey(String location, String keyId, JwtAlgorithm algorithm) {
  private static final int LEAST_RSA_BITS = 2048;
  private static final int P256_BITS = 256;

  static AssertionKey of(ProfileFields fields) {
    String location = fields.required("privateKeyFile");
    String keyId = fields.required("keyId");
    String name = fields.optional("algorithm");
    if (name == null) {
      return new AssertionKey(location, keyId, JwtAlgorithm.RS256);
    }
    for (JwtAlgorithm algorithm : JwtAlgorithm.values()) {
      if (algorithm.name().equalsIgnoreCase(name)) {
        return new AssertionKey(location, keyId, algorithm);
      }
    }
    throw ProfileErrors.badProfile(
        fields.origin(),
        "its '"
            + fields.nameOf("algorithm")
            + "' is none of "
            + Arrays.stream(JwtAlgorithm.values())
                .map(Enum::name)
                .collect(Collectors.joining(", ")));
  }

  /** Which key it is: no secret. */
  String key() {
    return KeyedDigest.of(location, keyId, algorithm.name());
  }

  /** A signed JSON web token with these claims: a secret. */
  String sign(String origin, ObjectNode claims) {
    ObjectNode header = UntrustedJson.MAPPER.createObjectNode();
    header.put("alg", algorithm.name());
    header.put("typ", "JWT");
    header.put("kid", keyId);
    String signed = base64(header) + "." + base64(claims);
    PrivateKey key = read(origin);
    try {
      Signature signature = algorithm.signature();
      signature.initSign(key);
      signature.update(signed.getBytes(StandardCharsets.US_ASCII));
      return signed + "." + base64(signature.sign());
    } catch (GeneralSecurityException e) {
      throw bad(origin, "cannot sign with " + algorithm);
    }
  }

  private PrivateKey read(String origin) {
    String pem = DriverFile.read(origin, "private key", location);
    try {
      PrivateKey key = PemKey.read(pem, algorithm.keyAlgorithm());
      if (key instanceof RSAKey rsa && rsa.getModulus().bitLength() < LEAST_RSA_BITS) {
        throw bad(
            origin, "has fewer than " + LEAST_RSA_BITS + " bits, which " + algorithm + " wants");
      }
      if (key instanceof ECKey ec
          && ec.getParams().getCurve().getField().getFieldSize() != P256_BITS) {
        throw bad(origin, "is not of the curve P-256, which " + algorithm + " wants");
      }
      return key;
    } catch (PemKey.Unusable e) {
      throw bad(origin, e.getMessage());
    }
  }

  private IllegalArgumentException bad(String origin, String reason) {
    return ProfileErrors.badFile(origin, "private key", location, reason);
  }

  private static String base64(ObjectNode json) {
    return base64(json.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
