/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.http;

import java.io.IOException;
import org.eclipse.jetty.io.QuietException;

/**
 * A failure that Jetty is not to log: it would print the request's URL with the query, in which the
 * signature of a file is.
 */
public final class QuietFailure extends IOException implements QuietException {
  private static final long serialVersionUID = 1L;

  public QuietFailure(Throwable cause) {
    super("The request failed", cause);
  }
}
