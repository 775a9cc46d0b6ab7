/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.protocol;

/** The names of the protocol's own HTTP headers, in any case. */
public final class SharingHeaders {
  /** What the client can read, and what the response is: see {@link Capabilities}. */
  public static final String CAPABILITIES = "delta-sharing-capabilities";

  /** The version of the table that a response is about. */
  public static final String TABLE_VERSION = "Delta-Table-Version";

  /**
   * Requests files' ids in the scheme of a response format, and confirms it in a response
   * (PROTOCOL.md, "File ID Hash Header").
   */
  public static final String FILE_IDS = "fileidhash";

  private SharingHeaders() {}
}
