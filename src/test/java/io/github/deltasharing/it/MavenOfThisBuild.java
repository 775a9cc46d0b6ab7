/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.it;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The Maven that runs this build, for builds within tests: the same version, with its settings,
 * mirrors and local repository, and offline if it is.
 */
final class MavenOfThisBuild {
  private MavenOfThisBuild() {}

  static boolean offline() {
    return System.getProperty("maven.offline", "").equals("offline=true");
  }

  static Path localRepository() {
    return Path.of(System.getProperty("maven.repository"));
  }

  /** Its command line, to which options and goals are added. */
  static List<String> command() {
    boolean windows = System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows");
    List<String> command = new ArrayList<>();
    command.add(
        Path.of(System.getProperty("maven.home"), "bin", windows ? "mvn.cmd" : "mvn").toString());
    command.addAll(List.of("-B", "-ntp"));
    String settings = System.getProperty("maven.settings", "").replaceFirst("^file=", "");
    if (!settings.isBlank() && Files.exists(Path.of(settings))) {
      command.addAll(List.of("--settings", settings));
    }
    if (offline()) {
      command.add("--offline");
    }
    command.add("-Dmaven.repo.local=" + localRepository());
    return command;
  }
}
