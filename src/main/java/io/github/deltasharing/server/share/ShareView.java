/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.share;

import io.github.deltasharing.server.error.ServerError;
import java.util.List;

/**
 * What one principal sees of what is shared. Names are found without regard to case; what the
 * principal may not see is not there. Safe for use by several threads.
 */
public interface ShareView {
  /** All shares, in the order of lists; their schemas may be left out, {@link #share} has them. */
  List<SharedShare> shares();

  /**
   * A share by its name.
   *
   * @throws ServerError 404 when there is none
   */
  SharedShare share(String name);

  /**
   * A schema of a share.
   *
   * @throws ServerError 404 when there is none
   */
  SharedSchema schema(String share, String name);

  /**
   * A table of a schema.
   *
   * @throws ServerError 404 when there is none
   */
  SharedTable table(String share, String schema, String name);
}
