/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.options;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What {@code docs/migration.md} says to be the same is an option, by upstream's own name. */
@Tag("unit")
class MigrationDocTest {
  private static final String PAGE = "docs/migration.md";

  private static List<String> firstColumn(String heading) throws IOException {
    String page = Files.readString(Path.of(PAGE));
    String table = page.substring(page.indexOf(heading)).split("\n\n", 2)[0];
    return table
        .lines()
        .skip(2)
        .map(row -> row.split("\\|", 3)[1])
        .flatMap(cell -> Pattern.compile("`([^`]+)`").matcher(cell).results())
        .map(name -> name.group(1))
        .toList();
  }

  @Test
  void optionsOfARead() throws IOException {
    assertThat(firstColumn("| Option of a read |"))
        .hasSizeGreaterThan(10)
        .isSubsetOf(
            Stream.concat(SharingOptions.ALL.stream(), CredentialOptions.ALL.stream())
                .map(ConfigOption::key)
                .toList());
  }

  @Test
  void confsOfTheSession() throws IOException {
    List<String> known =
        SharingOptions.ALL.stream()
            .map(ConfigOption::sessionConfs)
            .flatMap(List::stream)
            .map(conf -> conf.replace(SharingOptions.CONF_PREFIX, ""))
            .toList();
    assertThat(firstColumn("| Conf `spark.delta.sharing.…` |"))
        .hasSizeGreaterThan(15)
        .isSubsetOf(known);
  }
}
