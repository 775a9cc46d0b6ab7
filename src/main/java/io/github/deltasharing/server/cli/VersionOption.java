/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.cli;

import picocli.CommandLine.Option;

/** What was known when the change was thought of. Filled by picocli. */
final class VersionOption {
  @Option(
      names = "--if-version",
      paramLabel = "N",
      description = "refused if the version that 'show' shows is another by now")
  private Long version;

  /** Null for any. */
  Long version() {
    return version;
  }
}
