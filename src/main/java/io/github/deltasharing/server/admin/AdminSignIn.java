/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.admin;

import io.github.deltasharing.server.store.StoredPrincipal;
import org.eclipse.jetty.server.Request;

/**
 * A way in which principals sign in to the admin API. Called before a request's path is looked at
 * and before its body is read. Safe for use by several threads.
 */
@FunctionalInterface
public interface AdminSignIn {
  /**
   * Who sends a request.
   *
   * @throws io.github.deltasharing.server.error.ServerError 401 if nobody is known by it, 403 if it
   *     must not come this way
   */
  StoredPrincipal authenticate(Request request);
}
