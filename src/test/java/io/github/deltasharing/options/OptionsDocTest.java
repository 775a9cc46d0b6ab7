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
import java.time.Duration;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code docs/options.md} is written from {@link SharingOptions}; this fails when it drifts. */
@Tag("unit")
class OptionsDocTest {
  private static final Path PAGE = Path.of("docs/options.md");
  private static final String WRITE = "docs.write";

  private static final String INTRO =
      """
      # Options

      <!-- Generated from SharingOptions.java by OptionsDocTest: edit the options there, then run
           mvn test -Dtest=OptionsDocTest -Ddocs.write=true -->

      An option can be given in four places, for tables of a [catalog](catalog.md#settings) in one more. The first that has it wins:

      1. the read itself: `spark.read.format("deltaSharing").option("numRetries", "5")`;
      2. the session, for all reads: `spark.datasource.deltaSharing.<option>`, for example
         `--conf spark.datasource.deltaSharing.numRetries=5`;
      3. the session conf named in the table, which the upstream connector reads too;
      4. the default.

      Options of a read are matched without regard to case, session confs with. A value that is not allowed fails
      the read before anything is requested. An unknown option is ignored with a warning that names the nearest
      known one. `versionAsOf`, `timestampAsOf` and the options of the change feed are for one read only: as session confs
      they are refused.

      """;

  private static final String CATALOGS =
      """

      ## Catalogs

      A [catalog](catalog.md) has options of its own, and takes those above for all reads of its tables, as
      `spark.sql.catalog.<name>.<option>`: after the read itself, before the session. Those that are for one read only
      are refused.

      """;

  private static final String CREDENTIALS =
      """

      ## Credentials

      These stand in the place of a profile's file: in options of a read, in the session as
      `spark.datasource.deltaSharing.<option>`, or in a catalog as `spark.sql.catalog.<name>.<option>`; all of a credential
      in one place. The path is `<share>.<schema>.<table>` then. Their names are those of a profile's fields;
      [signing in](sign-in.md) has what each type needs.

      """;

  private static final String ADMINISTRATORS =
      """

      ## What an administrator forbids

      Confs of Spark, no options. Given to `spark-submit` or in `spark-defaults.conf`, they hold for all sessions of the
      application, and no session sets them to another value.

      """;

  @Test
  void thePageSaysWhatTheOptionsAre() throws IOException {
    String page = page();
    if (Boolean.getBoolean(WRITE)) {
      Files.createDirectories(PAGE.getParent());
      Files.writeString(PAGE, page);
    }
    assertThat(PAGE)
        .as("%s, to be written by: mvn test -Dtest=OptionsDocTest -D%s=true", PAGE, WRITE)
        .exists()
        .hasContent(page);
  }

  @Test
  void everyOptionIsExplained() {
    assertThat(SharingOptions.ALL)
        .allSatisfy(option -> assertThat(option.doc()).as(option.key()).endsWith("."));
    assertThat(CredentialOptions.ALL)
        .allSatisfy(option -> assertThat(option.doc()).as(option.key()).endsWith("."));
    assertThat(CatalogOptions.ALL)
        .allSatisfy(option -> assertThat(option.doc()).as(option.key()).endsWith("."));
  }

  private static String page() {
    StringBuilder page = new StringBuilder(INTRO);
    page.append("| Option | Type | Default | Session conf | Meaning |\n|---|---|---|---|---|\n");
    for (ConfigOption<?> o : SharingOptions.ALL) {
      String confs =
          SharingOptions.READER_ONLY.contains(o)
              ? "none: for one read only"
              : o.sessionConfs().stream()
                  .map(OptionsDocTest::code)
                  .collect(Collectors.joining(", "));
      row(page, code(o.key()), o.type(), text(o.defaultValue()), confs, o.doc());
    }
    page.append(CATALOGS).append("| Option | Type | Meaning |\n|---|---|---|\n");
    for (ConfigOption<?> o : CatalogOptions.ALL) {
      row(page, code(CatalogOptions.CONF_PREFIX + "<name>." + o.key()), o.type(), o.doc());
    }
    page.append(CREDENTIALS).append("| Option | Meaning |\n|---|---|\n");
    for (ConfigOption<?> o : CredentialOptions.ALL) {
      row(page, code(o.key()), o.doc());
    }
    page.append(ADMINISTRATORS).append("| Conf | Meaning |\n|---|---|\n");
    for (ConfigOption<?> o : AdministratorConfs.ALL) {
      row(page, code(o.key()), o.doc());
    }
    return page.toString();
  }

  private static void row(StringBuilder page, String... cells) {
    for (String cell : cells) {
      page.append("| ").append(cell.isEmpty() ? "–" : cell.replace("|", "\\|")).append(' ');
    }
    page.append("|\n");
  }

  private static String code(String text) {
    return "`" + text + "`";
  }

  /** A default as a user would write it. */
  private static String text(Object value) {
    if (value == null) {
      return "";
    }
    if (value instanceof Duration d) {
      return code(d.toMillis() % 1000 == 0 ? d.toSeconds() + "s" : d.toMillis() + "ms");
    }
    if (value instanceof Long bytes) {
      return code(bytes == 0 ? "0" : (bytes >> 20) + "m");
    }
    return code(value.toString().toLowerCase(Locale.ROOT));
  }
}
