/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.directory;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names of files in a table's auxiliary locations, where a shallow clone has them: as if each
 * location were a directory of the table. The table's own directory may have one of that name; its
 * files are then looked for in the auxiliary location, by the credential for that one. Stateless.
 */
final class Auxiliary {
  private static final Pattern NAME = Pattern.compile("_auxiliary:(\\d{1,4})/(.+)", Pattern.DOTALL);

  private Auxiliary() {}

  /** The name of a file; empty where it is in none of the locations. */
  static Optional<String> name(List<StoreLocation> locations, StoreLocation file) {
    for (int i = 0; i < locations.size(); i++) {
      String below = locations.get(i).relativize(file);
      if (below != null) {
        return Optional.of("_auxiliary:" + i + "/" + below);
      }
    }
    return Optional.empty();
  }

  /** A file that such a name means. */
  record Place(int location, String below) {
    /** Null where the name is of a file of the table's own directory. */
    static Place of(String name, int locations) {
      if (!name.startsWith("_auxiliary:")) {
        return null;
      }
      Matcher form = NAME.matcher(name);
      return form.matches() && Integer.parseInt(form.group(1)) < locations
          ? new Place(Integer.parseInt(form.group(1)), form.group(2))
          : null;
    }
  }
}
