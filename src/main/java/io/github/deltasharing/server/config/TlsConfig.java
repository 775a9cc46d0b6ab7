/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.config;

import io.github.deltasharing.annotation.PublicApi;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The {@code ssl} section: a certificate made at start, or one from PEM files. Immutable.
 *
 * @param selfSigned whether the server makes its own certificate
 * @param certificateFile the certificate chain, PEM
 * @param certificateKeyFile the private key, PEM
 * @param certificatePasswordFile a file with the key's password
 */
@PublicApi
public record TlsConfig(
    boolean selfSigned,
    Optional<Path> certificateFile,
    Optional<Path> certificateKeyFile,
    Optional<Path> certificatePasswordFile) {

  /** A certificate made at start; clients cannot verify it, so this is for trying things out. */
  public static TlsConfig ofSelfSigned() {
    return new TlsConfig(true, Optional.empty(), Optional.empty(), Optional.empty());
  }

  /** A certificate and its unencrypted key from PEM files. */
  public static TlsConfig ofFiles(Path certificateFile, Path certificateKeyFile) {
    return new TlsConfig(
        false, Optional.of(certificateFile), Optional.of(certificateKeyFile), Optional.empty());
  }
}
