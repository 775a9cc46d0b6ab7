/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.share;

import io.github.deltasharing.server.auth.Principal;

/** What each principal sees; grants plug in here. Safe for use by several threads. */
@FunctionalInterface
public interface ShareViews {
  /** What the principal sees now. */
  ShareView of(Principal principal);
}
