/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.ui;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The files of WebJars that pages use, and no others. Stateless. */
final class PageLibraries {
  /** As the build has them: a page without its library shows nothing, and a test says so. */
  private static final List<Library> LIBRARIES =
      List.of(
          new Library(
              "lit-html",
              "3.3.1",
              List.of(
                  "lit-html.js",
                  "directive.js",
                  "directive-helpers.js",
                  "directives/if-defined.js",
                  "directives/keyed.js",
                  "directives/live.js",
                  "directives/repeat.js")),
          new Library("picocss__pico", "2.1.1", List.of("css/pico.min.css")),
          new Library("uplot", "1.6.30", List.of("dist/uPlot.esm.js", "dist/uPlot.min.css")));

  private PageLibraries() {}

  /** One WebJar. */
  private record Library(String name, String version, List<String> files) {
    Stream<Map.Entry<String, String>> paths() {
      return files.stream()
          .map(
              file ->
                  Map.entry(
                      "lib/" + name + "/" + file,
                      "META-INF/resources/webjars/%s/%s/%s".formatted(name, version, file)));
    }
  }

  /** The resources of the files by their paths below that of the pages. */
  static Map<String, String> paths() {
    return LIBRARIES.stream()
        .flatMap(Library::paths)
        .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
  }
}
