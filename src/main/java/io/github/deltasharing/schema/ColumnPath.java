/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.schema;

import io.github.deltasharing.error.Masking;
import java.util.ArrayDeque;
import java.util.Deque;

/** Where in a schema the reader is, for messages. A part knows the one above it. */
class ColumnPath {
  static final ColumnPath ROOT = new ColumnPath(null, null);

  private static final int MOST_CHARS = 200;

  private final ColumnPath above;
  private final int depth;
  private String name;

  private ColumnPath(ColumnPath above, String name) {
    this.above = above;
    this.name = name;
    this.depth = above == null ? 0 : above.depth + 1;
  }

  /** A field whose name comes later: it may follow its type. */
  static final class Field extends ColumnPath {
    private Field(ColumnPath above) {
      super(above, null);
    }

    void name(String given) {
      super.name = given;
    }
  }

  Field field() {
    return new Field(this);
  }

  ColumnPath below(String part) {
    return new ColumnPath(this, part);
  }

  String name() {
    return name;
  }

  int depth() {
    return depth;
  }

  BadSchemaException bad(String reason) {
    return new BadSchemaException(above == null ? reason : "column " + this + ": " + reason);
  }

  BadSchemaException unknown(String type) {
    return bad("the type '" + shown(type) + "' is unknown");
  }

  private static String shown(String text) {
    String line = Masking.OF_URLS.line(text.substring(0, Math.min(text.length(), 1000)));
    return line.length() <= MOST_CHARS ? line : line.substring(0, MOST_CHARS) + "…";
  }

  @Override
  public String toString() {
    Deque<String> names = new ArrayDeque<>();
    for (ColumnPath part = this; part.above != null; part = part.above) {
      names.addFirst(part.name == null ? "?" : shown(part.name));
    }
    return shown(String.join(".", names));
  }
}
