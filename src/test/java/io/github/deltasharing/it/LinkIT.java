/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.deltasharing.linkage.ClassWorld;
import io.github.deltasharing.linkage.LinkCheck;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;

/**
 * All that the built connector jar and the conformance suite name is in the jars of this build's
 * Spark lines. Classes that only a newer line can load are in {@code
 * src/test/resources/lines/newer.txt}, each with the minor version that it needs.
 */
class LinkIT {
  private static final Path CONNECTOR = Path.of(System.getProperty("connector.jar"));
  private static final Path NEWER = Path.of("src/test/resources/lines/newer.txt");

  private static List<byte[]> connector;
  private static List<SparkLine> lines;
  private static Map<SparkLine, List<Path>> jars;

  /** Names of classes with slashes, and from which minor version on they must link. */
  private static Map<String, String> newer;

  @BeforeAll
  static void open() throws IOException, InterruptedException {
    connector = classesOf(CONNECTOR);
    lines = SparkLine.ofThisBuild();
    jars = LineJars.of(Stream.concat(SparkLine.REFUSED.stream(), lines.stream()).toList());
    newer =
        Files.readAllLines(NEWER).stream()
            .filter(line -> !line.isBlank() && !line.startsWith("#"))
            .map(line -> line.strip().split("\\s+"))
            .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1]));
  }

  @TestFactory
  Stream<DynamicTest> theJarLinksOnEveryLine() {
    assertThat(connector).hasSizeGreaterThan(500);
    Set<String> needed = new HashSet<>();
    Stream<DynamicTest> links =
        onEach(
            lines,
            (line, world) -> {
              List<String> problems = LinkCheck.problems(connector, world);
              List<String> unexpected = new ArrayList<>();
              for (String problem : problems) {
                String owner = problem.substring(0, problem.indexOf(':')).replaceAll("\\$.*", "");
                if (newer.containsKey(owner) && !line.isFrom(newer.get(owner))) {
                  needed.add(owner);
                } else {
                  unexpected.add(problem);
                }
              }
              assertThat(unexpected).isEmpty();
            });
    return Stream.concat(
        links,
        Stream.of(
            DynamicTest.dynamicTest(
                "no class is excused for nothing",
                () ->
                    newer.forEach(
                        (name, from) -> {
                          boolean tried =
                              jars.entrySet().stream()
                                  .anyMatch(
                                      entry ->
                                          lines.contains(entry.getKey())
                                              && !entry.getValue().isEmpty()
                                              && !entry.getKey().isFrom(from));
                          if (tried) {
                            assertThat(needed).as(NEWER.toString()).contains(name);
                          }
                        }))));
  }

  @TestFactory
  Stream<DynamicTest> theSuiteLinksOnEveryLine() throws IOException {
    List<byte[]> suite = new ArrayList<>();
    try (Stream<Path> files = Files.walk(LineRun.suite())) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        suite.add(Files.readAllBytes(file));
      }
    }
    return onEach(
        suite,
        LineRun.junit(),
        jars.keySet(),
        (line, world) -> assertThat(LinkCheck.problems(suite, world)).isEmpty());
  }

  /** A class of the jar that uses what came with Spark 4.0 is found on all of 3.5. */
  @TestFactory
  Stream<DynamicTest> aUseOfWhatALineLacksIsFound() {
    byte[] planted = planted("org/apache/spark/sql/classic/SparkSession");
    return onEach(
        List.of(planted),
        List.of(),
        lines,
        (line, world) ->
            assertThat(LinkCheck.problems(List.of(planted), world))
                .hasSize(line.isFrom("4.0") ? 0 : 1)
                .allMatch(
                    problem ->
                        problem.equals(
                            "planted/User: no class org/apache/spark/sql/classic/SparkSession")));
  }

  /** What is known not to link there does not: the check looks. */
  @TestFactory
  Stream<DynamicTest> olderReleasesLackWhatTheJarNames() {
    return onEach(
        SparkLine.REFUSED,
        (line, world) ->
            assertThat(LinkCheck.problems(connector, world))
                .anyMatch(
                    problem ->
                        problem.contains(
                            "no class org/apache/spark/sql/connector/read/Scan$ColumnarSupportMode"))
                .anyMatch(problem -> problem.contains("getColumnIndexStore")));
  }

  /** A class with a method that takes this type. */
  private static byte[] planted(String type) {
    ClassWriter writer = new ClassWriter(0);
    writer.visit(
        Opcodes.V17,
        Opcodes.ACC_PUBLIC | Opcodes.ACC_ABSTRACT,
        "planted/User",
        null,
        "java/lang/Object",
        null);
    writer.visitMethod(
        Opcodes.ACC_PUBLIC | Opcodes.ACC_ABSTRACT, "use", "(L" + type + ";)V", null, null);
    return writer.toByteArray();
  }

  private interface LineCheck {
    void run(SparkLine line, ClassWorld world) throws IOException;
  }

  private static Stream<DynamicTest> onEach(Collection<SparkLine> lines, LineCheck check) {
    return onEach(connector, List.of(), lines, check);
  }

  private static Stream<DynamicTest> onEach(
      List<byte[]> classes, List<Path> others, Collection<SparkLine> lines, LineCheck check) {
    return lines.stream()
        .map(
            line ->
                DynamicTest.dynamicTest(
                    "Spark " + line,
                    () -> {
                      Assumptions.assumeFalse(
                          jars.get(line).isEmpty(),
                          "Spark " + line + " is not checked: its jars cannot be had");
                      List<Path> all = new ArrayList<>(others);
                      all.addAll(jars.get(line));
                      try (ClassWorld world = new ClassWorld(classes, all)) {
                        check.run(line, world);
                      }
                    }));
  }

  private static List<byte[]> classesOf(Path jar) throws IOException {
    List<byte[]> classes = new ArrayList<>();
    try (JarFile file = new JarFile(jar.toFile())) {
      for (ZipEntry entry : file.stream().filter(e -> e.getName().endsWith(".class")).toList()) {
        try (InputStream in = file.getInputStream(entry)) {
          classes.add(in.readAllBytes());
        }
      }
    }
    return classes;
  }
}
