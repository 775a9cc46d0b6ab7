/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A fenced block of a page, as it stands there.
 *
 * @param page the page, from the repository's root
 * @param line where its text begins
 * @param language what follows the fence, empty for none
 * @param text its lines
 */
public record DocBlock(String page, int line, String language, String text) {
  /** Where the quick start writes, from the root, in which everything is pasted. */
  public static final String QUICK_START = "target/quickstart/";

  private static final Pattern FENCED =
      Pattern.compile("(?ms)^(?: {3})?```(\\w*)\n(.*?)^(?: {3})?```$");

  /** Servers and classes that no reader has. */
  private static final Pattern NOBODYS = Pattern.compile("example\\.(com|org)|com\\.example");

  /** Languages whose blocks are run; those of others are read, not run. */
  static final List<String> RUN = List.of("sql", "python", "scala", "java");

  /** Pages whose blocks others run: by whom. */
  private static final Map<String, String> RUN_BY_OTHERS =
      Map.of(
          "docs/notebook.md", "NotebookIT, which writes the page from the notebook it executes");

  /** Blocks of those languages that are not run as they stand, by page and a text in them: why. */
  private static final Map<String, Map<String, String>> NOT_RUN =
      Map.of(
          "docs/spark-connect.md",
          Map.of("addArtifacts", "needs a Connect server: ConnectIT"),
          "docs/change-feed.md",
          Map.of("CHANGES FROM", "a statement of Spark 4.2: ChangelogChecks of the Spark lines"));

  /** README, the pages of {@code docs} and those beside the code that they are about. */
  public static List<Path> pages() {
    List<Path> pages = new ArrayList<>();
    for (Path root : List.of(Path.of("docs"), Path.of("connector-examples"), Path.of("docker"))) {
      try (Stream<Path> files = Files.walk(root)) {
        files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(pages::add);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    Stream.of("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md")
        .map(Path::of)
        .forEach(pages::add);
    return pages;
  }

  /** All blocks of all pages. */
  public static List<DocBlock> all() throws IOException {
    List<DocBlock> blocks = new ArrayList<>();
    for (Path page : pages()) {
      String text = Files.readString(page);
      Matcher block = FENCED.matcher(text);
      while (block.find()) {
        int line = (int) text.substring(0, block.start(2)).lines().count() + 1;
        blocks.add(
            new DocBlock(page.toString().replace('\\', '/'), line, block.group(1), block.group(2)));
      }
    }
    return blocks;
  }

  /** Those of a language that are run. */
  public static List<DocBlock> toRun(String language) throws IOException {
    return all().stream()
        .filter(block -> block.language().equals(language) && block.isRun())
        .toList();
  }

  /** Whether it is run: not if it is listed, or names a server that nobody has. */
  private boolean isRun() {
    return !isListed() && !NOBODYS.matcher(text).find() && !RUN_BY_OTHERS.containsKey(page);
  }

  /** Whether it is one of those that are not run as they stand, for a reason that is listed. */
  boolean isListed() {
    return NOT_RUN.getOrDefault(page, Map.of()).keySet().stream().anyMatch(text::contains);
  }

  /** How many are listed. */
  static int listed() {
    return NOT_RUN.values().stream().mapToInt(Map::size).sum();
  }

  /** Its text with the files of a quick start that wrote elsewhere. */
  String in(Path quickStart) {
    return text.replace("${system:user.dir}/" + QUICK_START, quickStart + "/")
        .replace(QUICK_START, quickStart + "/");
  }

  @Override
  public String toString() {
    return page + ":" + line;
  }
}
