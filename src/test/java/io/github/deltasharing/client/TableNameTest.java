/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.deltasharing.testing.Serialised;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("unit")
class TableNameTest {
  @ParameterizedTest
  @CsvSource({
    "share.schema.table, share, schema, table",
    "acme.eu.sales.schema.table, acme.eu.sales, schema, table",
    "Größe.Schéma.表, Größe, Schéma, 表",
    "a#b.c-d.e f, a#b, c-d, e f"
  })
  void aNameIsSplitAtItsLastTwoDots(String text, String share, String schema, String table) {
    assertThat(TableName.parse(text)).isEqualTo(new TableName(share, schema, table));
    assertThat(TableName.parse(text)).hasToString(text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "share.schema.`a.b`|share|schema|a.b",
        "share.`x.y`.`a.b`|share|x.y|a.b",
        "acme.eu.`x.y`.t|acme.eu|x.y|t",
        "s.d.`a``.b`|s|d|a`.b",
        "s.d.```a```|s|d|`a`",
        "`a``b`.d.t|a`b|d|t"
      },
      quoteCharacter = '"')
  void partsWithDotsStandInBackticks(String text, String share, String schema, String table) {
    assertThat(TableName.parse(text)).isEqualTo(new TableName(share, schema, table));
    assertThat(TableName.parse(text)).hasToString(text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "`s.h`.`d`.`t`|s.h|d|t",
        "a`b.c.d|a`b|c|d",
        "s.d.`t|s|d|`t",
        "s.d.t`|s|d|t`",
        "..a.b.c|..a|b|c"
      },
      quoteCharacter = '"')
  void otherSpellingsAreTaken(String text, String share, String schema, String table) {
    TableName name = TableName.parse(text);
    assertThat(name).isEqualTo(new TableName(share, schema, table));
    assertThat(TableName.parse(name.toString())).isEqualTo(name);
  }

  @Test
  void aHashInBackticksIsPartOfAName() {
    assertThat(TablePath.parse("/a/p.share#s.d.`t#1.x`"))
        .isEqualTo(new TablePath("/a/p.share", new TableName("s", "d", "t#1.x")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", ".", "s.d.``", "``.d.t", "s.``.t", "`s.d.t`", "..", "a", "a.b", ".b.c", "a..c", "a.b.",
        "a.b..c."
      })
  void aNameThatLacksAPartIsNone(String text) {
    assertThat(TableName.parse(text)).isNull();
  }

  @Test
  void arrivesOnExecutorsAsItWasSent() {
    TableName name = new TableName("s.h", "s", "t");
    assertThat(Serialised.byJava(name)).isEqualTo(name).hasSameHashCodeAs(name);
    assertThat(Serialised.byKryo(name)).isEqualTo(name);
    assertThat(name).isNotEqualTo(new TableName("s", "h.s", "t"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/a/p.share#s.d.t | /a/p.share | s.d.t",
        "s3a://b/a#1/p.share#s.x.d.t | s3a://b/a#1/p.share | s.x.d.t",
        "env:PROFILE#s.d.t | env:PROFILE | s.d.t"
      })
  void aPathIsSplitAtItsLastHash(String path, String profile, String table) {
    assertThat(TablePath.parse(path)).isEqualTo(new TablePath(profile, TableName.parse(table)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/a/p.share | it has no '#'",
        "#s.d.t | nothing stands before the '#'",
        "/a/p.share#s.d | 's.d' does not have the three parts",
        "/a/p.share# | '' does not have the three parts"
      },
      quoteCharacter = '`')
  void aPathThatNamesNoTableSaysWhyAndHow(String path, String reason) {
    assertThatThrownBy(() -> TablePath.parse(path))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(path)
        .hasMessageContaining(reason)
        .hasMessageContaining("<profile file>#<share>.<schema>.<table>");
  }
}
