/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two POMs are published; they must agree. */
@Tag("unit")
class PublishedPomsTest {
  @ParameterizedTest
  @ValueSource(strings = {"version", "jackson.version", "slf4j.version"})
  void theClientsPomNamesTheVersionsOfTheConnectors(String element) throws Exception {
    assertThat(first(element, "client/pom.xml")).isEqualTo(first(element, "pom.xml"));
  }

  /** The project's own version stands before those of its dependencies. */
  private static String first(String element, String pom) throws Exception {
    Matcher matcher =
        Pattern.compile("<%s>([^<]+)</%s>".formatted(element, element))
            .matcher(Files.readString(Path.of(pom)));
    assertThat(matcher.find()).as("%s in %s", element, pom).isTrue();
    return matcher.group(1);
  }
}
