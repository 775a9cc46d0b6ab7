/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.storage.url;

import io.github.deltasharing.error.FileErrors;
import io.github.deltasharing.error.SharingException;
import io.github.deltasharing.storage.SharedFile;

/** What it means that a store refuses a URL. */
final class UrlRefusal {
  private UrlRefusal() {}

  /** Whether the store may accept another URL where it refused this one. */
  static boolean is(int status) {
    return switch (status) {
      case 400, 401, 403, 404, 410 -> true;
      default -> false;
    };
  }

  /** Whether the store may accept the same URL a moment later. */
  static boolean mayPass(int status) {
    return status == 403;
  }

  /**
   * The failure of a read whose URLs were refused.
   *
   * @param said what the store said
   * @param refreshed whether other URLs than the planned one were tried
   */
  static SharingException of(SharedFile file, int status, String said, boolean refreshed) {
    if (!refreshed) {
      return failed(
          file,
          said,
          "The signed URL expired or the file is gone: call load() again for new URLs; if it stays, tell the"
              + " provider.");
    }
    String reason = said + ", and to a fresh URL as well";
    return status == 404 || status == 410
        ? failed(
            file,
            reason,
            "The file is gone: a VACUUM deletes files of older versions. Read a later version, or changes from a later"
                + " 'startingVersion' on; if the file is of the latest version, tell the provider.")
        : failed(
            file,
            reason,
            "The file is gone, or the store refuses this machine: run the query again; if it stays, tell the"
                + " provider.");
  }

  private static SharingException failed(SharedFile file, String reason, String advice) {
    return FileErrors.file(file.table(), file.id(), file.url().host(), reason, advice, null);
  }
}
