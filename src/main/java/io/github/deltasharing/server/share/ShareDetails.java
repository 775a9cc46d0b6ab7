/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.share;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What listings say of a share beside its name. Immutable.
 *
 * @param id the share's id, which stays when its name changes
 * @param displayName the name that people are to see
 * @param comment what is in the share
 * @param properties what else the provider wants to say
 */
public record ShareDetails(
    Optional<String> id,
    Optional<String> displayName,
    Optional<String> comment,
    Map<String, String> properties) {
  /** Nothing but the name. */
  public static final ShareDetails NONE =
      new ShareDetails(Optional.empty(), Optional.empty(), Optional.empty(), Map.of());

  /** Copies the properties. */
  public ShareDetails {
    properties = Collections.unmodifiableMap(new TreeMap<>(properties));
  }
}
