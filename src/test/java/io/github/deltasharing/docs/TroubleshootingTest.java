/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Messages that {@code docs/troubleshooting.md} quotes are in the code. Not those of Spark, in the
 * last table; who renames a message finds its row here.
 */
@Tag("unit")
class TroubleshootingTest {
  private static final Path PAGE = Path.of("docs/troubleshooting.md");
  private static final String SPARKS = "## Spark's own messages";

  /** What the page writes in place of names and numbers. */
  private static final String PLACEHOLDER = "…";

  private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");
  private static final Pattern LITERAL = Pattern.compile("\"((?:[^\"\\\\\n]|\\\\.)*)\"");

  @Test
  void everyQuotedMessageIsInTheCode() throws IOException {
    String page = Files.readString(PAGE);
    assertThat(page).contains(SPARKS);
    List<String> quoted = quoted(page.substring(0, page.indexOf(SPARKS)));
    assertThat(quoted).hasSizeGreaterThan(100);
    assertThat(notIn(literals(), quoted)).isEmpty();
  }

  @Test
  void aMessageThatNobodyWritesIsFoundOut() throws IOException {
    List<String> quoted = quoted("| `The profile … has been eaten` | why | `what` |");
    assertThat(quoted).containsExactly("The profile", "has been eaten");
    assertThat(notIn(literals(), quoted)).containsExactly("has been eaten");
  }

  private static List<String> notIn(String code, List<String> quoted) {
    return quoted.stream().filter(text -> !code.contains(text)).toList();
  }

  /** What the first cells of a page's rows quote, without names and numbers. */
  private static List<String> quoted(String page) {
    return page.lines()
        .filter(row -> row.startsWith("| "))
        .map(row -> row.split(" \\| ", 2)[0])
        .flatMap(cell -> QUOTED.matcher(cell).results())
        .flatMap(message -> Stream.of(message.group(1).split(PLACEHOLDER)))
        .map(String::strip)
        .filter(text -> text.length() > 2)
        .toList();
  }

  /** The texts in the main tree, those that are put together by + as one. */
  private static String literals() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .map(TroubleshootingTest::joined)
          .flatMap(text -> LITERAL.matcher(text).results())
          .map(literal -> literal.group(1).replace("\\\"", "\""))
          .collect(Collectors.joining("\n"));
    }
  }

  private static String joined(Path file) {
    try {
      return Files.readString(file).replaceAll("\"\\s*\\+\\s*\"", "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
