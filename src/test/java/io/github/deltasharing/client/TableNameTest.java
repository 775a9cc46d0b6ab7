package io.github.deltasharing.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.deltasharing.testing.Serialised;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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
  @ValueSource(strings = {"", ".", "..", "a", "a.b", ".b.c", "a..c", "a.b.", "a.b..c."})
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
