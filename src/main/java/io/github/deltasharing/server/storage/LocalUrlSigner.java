/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.storage;

import io.github.deltasharing.server.auth.Signer;
import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.server.share.SharedTable;
import java.time.Clock;
import java.util.Locale;

/**
 * Signs URLs of files that this server serves itself, and checks them. Immutable, safe for use by
 * several threads.
 */
public final class LocalUrlSigner {
  static final String EXPIRES = "expires";
  static final String PRINCIPAL = "principal";
  static final String SIGNATURE = "signature";
  private static final String PURPOSE = "file";

  /**
   * What the signature permits, to read, as Azure's signatures say it. Clients on Delta Kernel in
   * Rust, which Delta Sharing's own in Python is for the delta format, know by the parameters of
   * the large clouds whether a URL is signed; any other one they take for a path of an object
   * store.
   */
  private static final String PERMISSION = "sp=r";

  private final Signer key;
  private final Clock clock;
  private final String filesPath;

  /**
   * Creates the signer.
   *
   * @param filesPath the path below which files are served, without a slash at its end
   */
  public LocalUrlSigner(Signer key, Clock clock, String filesPath) {
    this.key = key;
    this.clock = clock;
    this.filesPath = filesPath;
  }

  String sign(SharedTable table, String relativePath, UrlTerms terms) {
    long expires = terms.expiry().toEpochMilli();
    String principal = terms.principal().id();
    StringBuilder url = new StringBuilder(terms.origin()).append(filesPath);
    for (String name : new String[] {table.share(), table.schema(), table.name()}) {
      url.append('/').append(PathSegments.encode(name));
    }
    for (String segment : relativePath.split("/", -1)) {
      url.append('/').append(PathSegments.encode(segment));
    }
    return url.append('?' + EXPIRES + '=')
        .append(expires)
        .append('&' + PRINCIPAL + '=')
        .append(PathSegments.encode(principal))
        .append('&' + PERMISSION + '&' + SIGNATURE + '=')
        .append(key.sign(PURPOSE, text(table.key(), relativePath, principal, expires)))
        .toString();
  }

  /**
   * Throws a {@link ServerError} 403 unless the URL is one that was signed and is not yet old.
   *
   * @param tableName share, schema and table with slashes between, in any case
   */
  void check(
      String tableName, String relativePath, String principal, String expires, String signature) {
    long millis = expires.matches("\\d{1,18}") ? Long.parseLong(expires) : -1;
    if (!key.verify(
        PURPOSE,
        text(tableName.toLowerCase(Locale.ROOT), relativePath, principal, millis),
        signature)) {
      throw ServerError.forbidden(
          "The signature of this URL does not match. Query the table again for a new URL");
    }
    if (millis < clock.millis()) {
      throw ServerError.forbidden("This URL has expired. Query the table again for a new one");
    }
  }

  private static String text(String tableKey, String path, String principal, long expires) {
    return tableKey + "\n" + principal + "\n" + expires + "\n" + path;
  }
}
