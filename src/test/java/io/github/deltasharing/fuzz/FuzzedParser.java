/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The entry point that Jazzer looks for, in a JVM of its own for each parser. */
public final class FuzzedParser {
  /** Names the parser, as {@link ParserUnderFuzz} does. */
  static final String PARSER = "fuzz.parser";

  private static final ParserUnderFuzz TARGET = ParserUnderFuzz.valueOf(System.getProperty(PARSER));

  private FuzzedParser() {}

  /** Loads classes, which takes longer than any input may. */
  public static void fuzzerInitialize() throws IOException {
    List<Path> seeds;
    try (Stream<Path> files = Files.list(TARGET.corpus())) {
      seeds = files.toList();
    }
    for (Path seed : seeds) {
      fuzzerTestOneInput(Files.readAllBytes(seed));
    }
  }

  public static void fuzzerTestOneInput(byte[] bytes) {
    try {
      TARGET.run(bytes);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
