/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.streaming;

import io.github.deltasharing.protocol.AddFile;
import io.github.deltasharing.protocol.ChangeFile;
import java.util.Map;

/** Files of commits, for tests. */
final class StreamFixture {
  private StreamFixture() {}

  static ChangeFile added(String id, long version, long size) {
    return new ChangeFile(ChangeFile.Kind.ADD, file(id, version, size), true);
  }

  static ChangeFile removed(String id, long version) {
    return new ChangeFile(ChangeFile.Kind.REMOVE, file(id, version, 1), true);
  }

  static AddFile file(String id, long version, long size) {
    return new AddFile(
        "http://localhost/" + id, id, size, Map.of(), null, version, 1000 * version, null, null);
  }
}
