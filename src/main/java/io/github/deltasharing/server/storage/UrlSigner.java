package io.github.deltasharing.server.storage;

import io.github.deltasharing.server.share.SharedTable;
import java.time.Instant;

/**
 * Makes the URLs under which recipients fetch the files of a table. One implementation for each
 * kind of storage; safe for use by several threads.
 */
interface UrlSigner {
  /**
   * A URL that serves one file until it expires, without any other credential.
   *
   * @param origin scheme and authority that the client's request named, such as {@code
   *     http://host:port}
   * @param relativePath the file's path below the table's directory, decoded, with slashes
   */
  String sign(String origin, SharedTable table, String relativePath, Instant expiry);
}
