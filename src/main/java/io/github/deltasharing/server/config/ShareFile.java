/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.config;

import java.util.List;
import java.util.Map;

/**
 * {@code share.yaml} as it is written, a record for each mapping; what is not written is null. The
 * {@link ServerSettings} are keys of the same mapping, read apart. Immutable.
 *
 * @param version of the format, 1
 * @param host where to listen
 * @param port 0 for any free one
 * @param endpoint the prefix of every path
 * @param authorization what clients must send
 * @param signingKey signs URLs and tokens; a secret
 * @param signingKeyFile a file with that key, instead of it
 * @param ssl how to serve TLS
 * @param shares what is shared
 */
record ShareFile(
    Long version,
    String host,
    Long port,
    String endpoint,
    Authorization authorization,
    String signingKey,
    String signingKeyFile,
    Ssl ssl,
    List<ShareEntry> shares) {

  /** What clients must send: a secret. */
  record Authorization(String bearerToken) {
    /** Without the token. */
    @Override
    public String toString() {
      return "Authorization[]";
    }
  }

  /** Files are relative to the configuration's directory. */
  record Ssl(
      Boolean selfSigned,
      String certificateFile,
      String certificateKeyFile,
      String certificatePasswordFile) {}

  record ShareEntry(
      String name,
      String id,
      String displayName,
      String comment,
      Map<String, String> properties,
      List<SchemaEntry> schemas) {}

  record SchemaEntry(String name, List<TableEntry> tables) {}

  /** {@code cdfEnabled} is the older name of {@code historyShared}. */
  record TableEntry(
      String name,
      String location,
      String id,
      Boolean historyShared,
      Boolean cdfEnabled,
      Long startVersion) {}

  /** Without the token and the key. */
  @Override
  public String toString() {
    return "ShareFile[" + host + ":" + port + "]";
  }
}
