/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.conformance;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Tables whose directory in an object store is read: their log by what the jar brings. */
@DisplayName("directory")
class DirectoryChecks {
  @Test
  @DisplayName("tables of which the server gives no URLs")
  void tables() {
    for (String table : TableReads.IN_BUCKETS) {
      Conformance.assertReads(
          Conformance.spark()
              .read()
              .format("deltaSharing")
              .option("accessMode", "dir")
              .load(Conformance.profile("directories.share") + "#share.schema." + table),
          table);
    }
  }
}
