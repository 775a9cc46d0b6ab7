/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The POMs to copy stand alone, so they repeat versions of the connector's POM: the same ones. */
@Tag("unit")
class ExamplePomsTest {
  private static final Path EXAMPLES = Path.of("connector-examples", "pom.xml");
  private static final Path PROJECT = Path.of("connector-examples", "maven-project", "pom.xml");

  private static List<String> all(Path pom, String element) throws IOException {
    List<String> found =
        Pattern.compile("<%1$s>([^<$]+)</%1$s>".formatted(element))
            .matcher(Files.readString(pom))
            .results()
            .map((MatchResult match) -> match.group(1))
            .toList();
    assertThat(found).as("%s in %s", element, pom).isNotEmpty();
    return found;
  }

  private static String ofTheConnector(String element) throws IOException {
    return all(Path.of("pom.xml"), element).get(0);
  }

  @Test
  void sparkIsTheOneOfTheBuildAndTheNewest() throws IOException {
    assertThat(all(EXAMPLES, "spark.version"))
        .containsExactly(ofTheConnector("spark.version"), ofTheConnector("newest.spark.version"));
    assertThat(all(PROJECT, "spark.version")).containsExactly(ofTheConnector("spark.version"));
    assertThat(Files.readString(PROJECT)).contains(ofTheConnector("newest.spark.version"));
  }

  @Test
  void theConnectorIsThisOne() throws IOException {
    assertThat(all(PROJECT, "connector.version")).containsExactly(ofTheConnector("version"));
    assertThat(all(EXAMPLES, "version").get(0)).isEqualTo(ofTheConnector("version"));
  }
}
