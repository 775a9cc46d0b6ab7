/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the pages refer to is there: pages, places in them, files, the jar's name. */
@Tag("unit")
class DocPagesTest {
  private static final Set<String> READ_ONLY_LANGUAGES =
      Set.of(
          "",
          "text",
          "sh",
          "console",
          "json",
          "yaml",
          "properties",
          "powershell",
          "xml",
          "dockerfile");

  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Pattern JAR =
      Pattern.compile("delta-sharing-(?:spark-connector|server|java-client)-(\\d[\\w.-]*)\\.jar");

  @Test
  void eachBlockIsRunOrOfALanguageThatIsRead() throws IOException {
    assertThat(DocBlock.all())
        .isNotEmpty()
        .allSatisfy(
            block ->
                assertThat(block.language())
                    .as("%s", block)
                    .matches(
                        name -> READ_ONLY_LANGUAGES.contains(name) || DocBlock.RUN.contains(name)));
  }

  @Test
  void theListOfThoseThatAreNotRunNamesBlocksThatAreThere() throws IOException {
    assertThat(DocBlock.all()).filteredOn(DocBlock::isListed).hasSize(DocBlock.listed());
  }

  @Test
  void readmeLeadsToEachPage() throws IOException {
    String readme = Files.readString(Path.of("README.md"));
    List<Path> pages = DocBlock.pages().stream().filter(page -> page.startsWith("docs")).toList();
    assertThat(pages).isNotEmpty();
    assertThat(pages).filteredOn(page -> !readme.contains("(" + page + ")")).isEmpty();
  }

  @Test
  void linksLeadToPagesAndPlaces() throws IOException {
    List<String> broken = new ArrayList<>();
    int links = 0;
    for (Path page : DocBlock.pages()) {
      for (MatchResult link : LINK.matcher(withoutCode(page)).results().toList()) {
        String target = link.group(1);
        if (target.matches("[a-z]+:.*")) {
          continue;
        }
        links++;
        String[] parts = target.split("#", 2);
        Path file = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]).normalize();
        if (!Files.exists(file) || (parts.length == 2 && !places(file).contains(parts[1]))) {
          broken.add(page + ": " + target);
        }
      }
    }
    assertThat(broken).isEmpty();
    assertThat(links).isGreaterThan(100);
  }

  @Test
  void jarsHaveThisVersion() throws IOException {
    String pom = Files.readString(Path.of("pom.xml"));
    var version = Pattern.compile("<version>([^<]+)</version>").matcher(pom);
    assertThat(version.find()).isTrue();
    Set<String> named = new TreeSet<>();
    for (Path page : DocBlock.pages()) {
      JAR.matcher(Files.readString(page)).results().forEach(jar -> named.add(jar.group(1)));
    }
    assertThat(named).containsExactly(version.group(1));
  }

  private static String withoutCode(Path page) throws IOException {
    return Files.readString(page).replaceAll("(?s)```.*?```", "").replaceAll("`[^`\n]*`", "");
  }

  /** The places of a page that links can name, as GitHub makes them of headings. */
  private static Set<String> places(Path page) throws IOException {
    return Files.readString(page)
        .replaceAll("(?s)```.*?```", "")
        .lines()
        .filter(line -> line.matches("#{1,6} .*"))
        .map(line -> line.replaceFirst("#+ ", "").toLowerCase(Locale.ROOT))
        .map(line -> line.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
        .collect(Collectors.toSet());
  }
}
