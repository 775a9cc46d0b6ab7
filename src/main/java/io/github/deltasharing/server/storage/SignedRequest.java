/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.storage;

import java.util.List;
import java.util.Map;

/**
 * A request to a store as it is to be sent, and the headers that its sender has to add. Immutable;
 * its text does not show the signature.
 */
public record SignedRequest(String uri, Map<String, List<String>> headers) {
  @Override
  public String toString() {
    return "SignedRequest[" + uri + "]";
  }
}
