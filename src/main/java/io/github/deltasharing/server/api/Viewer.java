/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.api;

import io.github.deltasharing.server.auth.Principal;
import io.github.deltasharing.server.share.ShareView;

/** Who looks at the lists, and what there is to see. */
record Viewer(Principal principal, ShareView shares) {}
