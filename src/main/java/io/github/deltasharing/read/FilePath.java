/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.read;

import io.github.deltasharing.storage.SharedFile;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/**
 * What a shared file is called where Spark's own files have a path: in {@code input_file_name()}
 * and {@code _metadata}. Made of the table's name and the server's id of the file, so that it is
 * the same whatever the URL, and has no secret in it. Stateless.
 */
final class FilePath {
  private FilePath() {}

  /** {@code delta-sharing:///share.schema.table/<file id>}, percent-encoded. */
  static String of(SharedFile file) {
    return "delta-sharing:///" + encoded(file.table()) + "/" + name(file);
  }

  /** The last part of it. */
  static String name(SharedFile file) {
    return encoded(file.id());
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
