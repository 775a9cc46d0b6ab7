/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.deltasharing.catalog.TableReference.Part;
import io.github.deltasharing.client.TableName;
import java.util.Arrays;
import org.apache.spark.sql.connector.catalog.Identifier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What an identifier names goes by how many parts it has. */
@Tag("unit")
class CatalogNamesTest {
  private static final CatalogNames ALL = new CatalogNames("retail", null);
  private static final CatalogNames ONE = new CatalogNames("retail", "a.b");

  private static Identifier identifier(String... parts) {
    return Identifier.of(Arrays.copyOf(parts, parts.length - 1), parts[parts.length - 1]);
  }

  @Test
  void threePartsAreATableAndFourAPartOfIt() {
    TableName table = new TableName("s", "c", "t");
    assertThat(ALL.reference(identifier("s", "c", "t")))
        .isEqualTo(new TableReference(table, Part.ROWS));
    assertThat(ALL.reference(identifier("s", "c", "t", "changes")))
        .isEqualTo(new TableReference(table, Part.CHANGES));
    assertThat(ALL.reference(identifier("s", "c", "t", "Files")))
        .isEqualTo(new TableReference(table, Part.FILES));
    assertThat(ALL.reference(identifier("s", "c", "t", "history"))).isNull();
    assertThat(ALL.reference(identifier("s", "c", "t", "changes", "files"))).isNull();
    assertThat(ALL.reference(identifier("c", "t"))).isNull();
    assertThat(ALL.reference(identifier("t"))).isNull();
    assertThat(ALL.reference(identifier("s", "", "t"))).isNull();
  }

  @Test
  void ofOneShareItIsOneLess() {
    TableName table = new TableName("a.b", "c", "t");
    assertThat(ONE.reference(identifier("c", "t"))).isEqualTo(new TableReference(table, Part.ROWS));
    assertThat(ONE.reference(identifier("c", "t", "changes")))
        .isEqualTo(new TableReference(table, Part.CHANGES));
    assertThat(ONE.reference(identifier("a.b", "c", "t"))).isNull();
  }

  /** However a schema and a table are called. */
  @Test
  void tablesOfTheseNamesAreTables() {
    assertThat(ALL.reference(identifier("s", "c", "changes")))
        .isEqualTo(new TableReference(new TableName("s", "c", "changes"), Part.ROWS));
    assertThat(ALL.reference(identifier("s", "files", "changes")))
        .isEqualTo(new TableReference(new TableName("s", "files", "changes"), Part.ROWS));
    assertThat(ALL.reference(identifier("s", "c", "changes", "changes")))
        .isEqualTo(new TableReference(new TableName("s", "c", "changes"), Part.CHANGES));
    assertThat(ONE.reference(identifier("files", "files")))
        .isEqualTo(new TableReference(new TableName("a.b", "files", "files"), Part.ROWS));
  }

  @Test
  void namesAreQuotedAsSqlHasThem() {
    assertThat(ALL.quoted(identifier("a.b", "c", "t`1"))).isEqualTo("retail.`a.b`.c.`t``1`");
    assertThat(ONE.quoted(new String[] {"ünï c"})).isEqualTo("retail.`ünï c`");
    assertThat(ONE.identifier("a.b", "c", "t")).isEqualTo(identifier("c", "t"));
    assertThat(ALL.identifier("a.b", "c", "t")).isEqualTo(identifier("a.b", "c", "t"));
    assertThat(ONE.namespace("a.b")).isEmpty();
    assertThat(ALL.namespace("a.b")).containsExactly("a.b");
  }
}
