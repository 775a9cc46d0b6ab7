/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.cli;

import picocli.CommandLine.Option;

/** Deletes without a question. Filled by picocli. */
final class YesOption {
  @Option(
      names = {"-y", "--yes"},
      description = "do not ask. Needed where there is no terminal to ask at")
  private boolean yes;

  boolean yes() {
    return yes;
  }
}
