/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.listing;

import io.github.deltasharing.client.AsOf;
import io.github.deltasharing.client.SharingClient;
import io.github.deltasharing.client.TableName;
import io.github.deltasharing.error.SharingErrors;
import io.github.deltasharing.protocol.ResponseFormat;
import io.github.deltasharing.schema.TableFeatures;
import java.util.List;

/** Whether a name is still that of the same table. Driver only; stateless. */
final class SameTable {
  private SameTable() {}

  /**
   * One request for metadata.
   *
   * @throws io.github.deltasharing.error.SharingException if it is another table's by now
   */
  public static void confirm(SharingClient client, TableName table, String tableId) {
    String now =
        client
            .metadata(
                table, AsOf.latest(), List.of(ResponseFormat.values()), TableFeatures.SUPPORTED)
            .metadata()
            .id();
    if (!now.equals(tableId)) {
      throw SharingErrors.replacedSincePlanned(table.toString());
    }
  }
}
