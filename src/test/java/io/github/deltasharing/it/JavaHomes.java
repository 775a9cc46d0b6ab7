/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.it;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Where Java is, by version: that of this JVM; what {@code -Dlines.jdks} names, with commas
 * between; what the environment names as {@code JAVA21_HOME}, {@code JAVA_21_HOME} or {@code
 * JAVA_HOME_21_X64}; what Maven's toolchains name; and what lies beside this JVM's.
 */
final class JavaHomes {
  private static final Pattern VARIABLE = Pattern.compile("JAVA_?\\d+_HOME|JAVA_HOME_\\d+_.*");
  private static final Pattern TOOLCHAIN = Pattern.compile("<jdkHome>\\s*(.*?)\\s*</jdkHome>");

  private JavaHomes() {}

  /** The homes. */
  static Map<Integer, Path> found() {
    Path own = Path.of(System.getProperty("java.home"));
    List<Path> places = new ArrayList<>(List.of(own));
    Stream.of(System.getProperty("lines.jdks", "").split(","))
        .filter(place -> !place.isBlank())
        .forEach(place -> places.add(Path.of(place.strip())));
    System.getenv()
        .forEach(
            (name, value) -> {
              if (VARIABLE.matcher(name).matches()) {
                places.add(Path.of(value));
              }
            });
    places.addAll(toolchains());
    places.addAll(beside(own));
    Map<Integer, Path> homes = new TreeMap<>();
    places.forEach(place -> version(place).ifPresent(version -> homes.putIfAbsent(version, place)));
    return homes;
  }

  private static List<Path> toolchains() {
    Path file = Path.of(System.getProperty("user.home"), ".m2", "toolchains.xml");
    try {
      return Files.exists(file)
          ? TOOLCHAIN
              .matcher(Files.readString(file))
              .results()
              .map(r -> Path.of(r.group(1)))
              .toList()
          : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Path> beside(Path home) {
    try (Stream<Path> places = Files.list(home.getParent())) {
      return places.sorted().toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  private static java.util.OptionalInt version(Path home) {
    Path release = home.resolve("release");
    if (!Files.exists(release) || !Files.isExecutable(home.resolve("bin").resolve(java()))) {
      return java.util.OptionalInt.empty();
    }
    try {
      Properties properties = new Properties();
      properties.load(new StringReader(Files.readString(release)));
      Matcher version =
          Pattern.compile("\"?(\\d+).*").matcher(properties.getProperty("JAVA_VERSION", ""));
      return version.matches()
          ? java.util.OptionalInt.of(Integer.parseInt(version.group(1)))
          : java.util.OptionalInt.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String java() {
    boolean windows = System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows");
    return windows ? "java.exe" : "java";
  }
}
