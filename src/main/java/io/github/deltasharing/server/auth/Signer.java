/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.auth;

/**
 * Signs URLs and tokens, and verifies them when a client sends them back. Safe for use by several
 * threads.
 */
public interface Signer {
  /** The signature of the text, URL-safe. Different purposes never share signatures. */
  String sign(String purpose, String text);

  /** Whether the signature is the text's; takes the same time wherever they differ. */
  boolean verify(String purpose, String text, String signature);
}
