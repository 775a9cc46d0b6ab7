/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.storage;

import java.net.URI;

/**
 * An application that signs in to Azure with a secret. Immutable.
 *
 * @param tokenEndpoint where it gets access tokens
 * @param secret a secret
 */
record AzureApplication(URI tokenEndpoint, String id, String secret) {
  AzureApplication {
    String scheme = tokenEndpoint.getScheme();
    if (scheme == null || !scheme.matches("(?i)https?") || tokenEndpoint.getHost() == null) {
      throw new IllegalArgumentException("The endpoint for access tokens must be an https URL");
    }
  }

  /** Without the secret. */
  @Override
  public String toString() {
    return "AzureApplication[" + id + " at " + tokenEndpoint + "]";
  }
}
