/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.auth;

import io.github.deltasharing.server.error.ServerError;
import org.eclipse.jetty.server.Request;

/**
 * Identifies the sender of a request; further ways to sign in plug in here. Called before the path
 * is looked at and before the body is read. Safe for use by several threads.
 */
@FunctionalInterface
public interface Authenticator {
  /**
   * The sender of a request.
   *
   * @throws ServerError 401 when the request has no valid credential
   */
  Principal authenticate(Request request);
}
