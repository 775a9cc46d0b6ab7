/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.fuzz;

import java.io.IOException;
import java.nio.file.Path;

/**
 * The parsers of text that others write. Each has seeds, and what once broke it, in {@link
 * #corpus}.
 */
enum ParserUnderFuzz {
  PROFILE(FuzzTargets::profile),
  RESPONSE(FuzzTargets::response),
  CREDENTIAL(FuzzTargets::credential),
  PREDICATE_HINT(FuzzTargets::predicateHint),
  DELETION_VECTOR(FuzzTargets::deletionVector),
  SHARE_YAML(FuzzTargets::shareYaml),
  SCHEMA(FuzzTargets::schema);

  private final FuzzTargets.Target target;

  ParserUnderFuzz(FuzzTargets.Target target) {
    this.target = target;
  }

  void run(byte[] bytes) throws IOException {
    target.run(bytes);
  }

  Path corpus() {
    return Path.of("src/test/resources/fuzz", name().toLowerCase(java.util.Locale.ROOT));
  }
}
