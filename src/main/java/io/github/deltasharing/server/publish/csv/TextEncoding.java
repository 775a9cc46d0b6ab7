/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.publish.csv;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/**
 * How a file's bytes are text. Immutable.
 *
 * @param charset the characters
 * @param skip the bytes of the byte order mark at its start
 * @param assumed whether nothing in the file says so: it is no UTF-8, and has no byte order mark
 */
public record TextEncoding(Charset charset, int skip, boolean assumed) {
  /** UTF-8 without a mark. */
  public static final TextEncoding UTF_8 = new TextEncoding(StandardCharsets.UTF_8, 0, false);

  /** As users know it. */
  public String label() {
    return charset.name();
  }
}
