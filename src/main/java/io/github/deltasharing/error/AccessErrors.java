/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.error;

import java.time.Instant;
import java.util.Collection;

/**
 * Factories of the exceptions about the ways to a table's files: signed URLs, or its directory with
 * a temporary credential. None contains a secret. Driver; stateless.
 */
public final class AccessErrors {
  /** What to do where a server gives no credential. */
  public static final String READ_BY_URLS =
      "Read the table with the option 'accessMode' = 'url' or 'auto', or ask the provider to offer the access mode"
          + " 'dir' for it.";

  private AccessErrors() {}

  /** The option wants the directory, the server says that it offers others. */
  public static SharingException directoryNotOffered(String table, Collection<String> offered) {
    return new SharingException(
        "Table "
            + table
            + " cannot be read with 'accessMode' = 'dir': the provider offers it with the access modes "
            + offered
            + " only. "
            + READ_BY_URLS);
  }

  /** The option wants the directory, of which the server does not speak. */
  public static SharingException directoryRefused(String table, SharingServerException refusal) {
    return new SharingException(
        "Table "
            + table
            + " cannot be read with 'accessMode' = 'dir': the server does not say that it offers the table's directory,"
            + " and gives no credential for it: "
            + refusal.getMessage(),
        refusal);
  }

  /** The option wants URLs, the server offers the directory only. */
  public static SharingException urlsNotOffered(String table, Collection<String> offered) {
    return new SharingException(
        "Table "
            + table
            + " cannot be read with 'accessMode' = 'url': the provider offers it with the access modes "
            + offered
            + " only. Read it with the option 'accessMode' = 'auto', or ask the provider to offer 'url' for it.");
  }

  /** A server gives credentials and does not say for what. */
  public static SharingException noLocation(String table) {
    return new SharingException(
        "Table "
            + table
            + " cannot be read from its directory: the server does not say where that is. "
            + READ_BY_URLS);
  }

  /** A credential that is over when it comes. */
  public static SharingException expiredCredential(String table, String host, Instant expires) {
    return new SharingException(
        "Temporary credential for "
            + table
            + " failed: the sharing server "
            + host
            + " gave one that expired at "
            + expires
            + ". Check this machine's clock, and ask the provider to check the server's; or read by signed URLs with"
            + " the option 'accessMode' = 'url'.");
  }
}
