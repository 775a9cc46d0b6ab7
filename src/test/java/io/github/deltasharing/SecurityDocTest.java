/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Each test that docs/security.md names is there. */
@Tag("unit")
class SecurityDocTest {
  private static final Pattern TEST = Pattern.compile("`(\\w+(?:Test|IT))`");

  @Test
  void theTestsThatItNamesExist() throws IOException {
    Set<String> named = new TreeSet<>();
    TEST.matcher(Files.readString(Path.of("docs/security.md")))
        .results()
        .forEach(name -> named.add(name.group(1)));
    Set<String> there;
    try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
      there =
          files
              .map(file -> file.getFileName().toString().replaceFirst("\\.java$", ""))
              .collect(Collectors.toSet());
    }
    assertThat(named).hasSizeGreaterThan(20);
    assertThat(there).containsAll(named);
  }

  @Test
  void eachPromiseHasATest() throws IOException {
    String doc = Files.readString(Path.of("docs/security.md"));
    String promises = doc.substring(doc.indexOf("## Attacks"), doc.indexOf("How a promise"));
    assertThat(
            promises
                .lines()
                .filter(line -> line.startsWith("| ") && !line.startsWith("| Attack |")))
        .hasSizeGreaterThan(12)
        .allMatch(line -> TEST.matcher(line).find());
  }
}
