/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.client;

import io.github.deltasharing.annotation.PublicApi;
import java.io.IOException;
import java.util.Map;

/**
 * Gives profiles out of a secret manager, or wherever they are kept. The option {@code
 * credentialProvider} names the class, which has a public constructor without parameters. A read or
 * a catalog makes one and keeps it. Driver only; has to be thread-safe.
 */
@FunctionalInterface
@PublicApi
public interface ProfileProvider {
  /**
   * A profile as it is now. Called when a read begins, and again when its credential expired or was
   * refused: so that a secret that was replaced is used.
   *
   * @param location the path's part before the {@code #}, or a catalog's {@code profile}; an empty
   *     text where neither says anything
   * @return the profile's JSON, as its file has it
   * @throws IOException if it cannot be had; its message is shown, so it holds no secret
   */
  String profile(String location) throws IOException;

  /**
   * Headers that each request to the server carries besides its own, for gateways in front of it.
   * Called for each request.
   */
  default Map<String, String> headers() {
    return Map.of();
  }
}
