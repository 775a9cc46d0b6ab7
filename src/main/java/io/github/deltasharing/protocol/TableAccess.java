/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.protocol;

import io.github.deltasharing.annotation.PublicApi;
import java.util.List;

/**
 * How a server offers a table's files (PROTOCOL.md, "Access Modes"), as metadata and listings say
 * it. Immutable.
 *
 * @param modes {@code url} for signed URLs, {@code dir} for credentials to the table's directory;
 *     empty where the server does not say, which means {@code url}
 * @param location the table's root directory, or null where the server does not say
 * @param auxiliaryLocations other directories that hold files of the table
 */
@PublicApi
public record TableAccess(List<String> modes, String location, List<String> auxiliaryLocations) {
  /** The name of access by signed URLs. */
  public static final String URL = "url";

  /** The name of access by credentials to the directory. */
  public static final String DIR = "dir";

  /** What a server means that says nothing. */
  public static final TableAccess UNSAID = new TableAccess(List.of(), null, List.of());

  public TableAccess {
    modes = List.copyOf(modes);
    auxiliaryLocations = List.copyOf(auxiliaryLocations);
  }

  /** Access of these modes, with no word of places. */
  public static TableAccess of(String... modes) {
    return new TableAccess(List.of(modes), null, List.of());
  }

  /** Whether the server says how the table is offered. */
  public boolean isSaid() {
    return !modes.isEmpty();
  }

  public boolean offersUrls() {
    return modes.isEmpty() || modes.stream().anyMatch(URL::equalsIgnoreCase);
  }

  public boolean offersDirectory() {
    return modes.stream().anyMatch(DIR::equalsIgnoreCase);
  }
}
