/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The path of an endpoint below its API's. Immutable.
 *
 * @param segments of which {@code {}} stands for any name
 */
public record PathTemplate(List<String> segments) {
  private static final String NAME = "{}";

  /** The template of a path whose segments are parted by slashes. */
  public static PathTemplate of(String path) {
    return new PathTemplate(List.of(path.split("/", -1)));
  }

  /** The names in a path, decoded and split, if the path is one of these. */
  public Optional<List<String>> match(List<String> path) {
    if (path.size() != segments.size()) {
      return Optional.empty();
    }
    List<String> names = new ArrayList<>();
    for (int i = 0; i < segments.size(); i++) {
      String segment = path.get(i);
      if (segments.get(i).equals(NAME) && !segment.isEmpty()) {
        names.add(segment);
      } else if (!segments.get(i).equals(segment)) {
        return Optional.empty();
      }
    }
    return Optional.of(names);
  }

  @Override
  public String toString() {
    return String.join("/", segments);
  }
}
