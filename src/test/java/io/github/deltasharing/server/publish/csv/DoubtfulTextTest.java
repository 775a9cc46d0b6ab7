/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.publish.csv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.deltasharing.server.error.ServerError;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files that could be taken for another table than they are. */
@Tag("unit")
class DoubtfulTextTest {
  @TempDir Path directory;

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static TextEncoding sniff(byte[] bytes, String... given) {
    EncodingSniffer sniffer = new EncodingSniffer();
    sniffer.accept(bytes, 0, bytes.length);
    return sniffer.finish(
        "orders.csv", given.length == 0 ? Optional.empty() : Optional.of(given[0]));
  }

  private CsvSurvey survey(byte[] bytes, TextEncoding encoding, char quote) throws IOException {
    Path file = directory.resolve("file.csv");
    Files.write(file, bytes);
    return CsvSurvey.of(
        file, new CsvSurvey.Given(encoding, Optional.empty(), quote, Optional.empty(), Set.of()));
  }

  private CsvSurvey survey(String text) throws IOException {
    return survey(utf8(text), TextEncoding.UTF_8, '"');
  }

  @Test
  void utf8WithABrokenByteIsNotTakenForLatin1() {
    byte[] file = join(utf8("name\nMüller\nJosé\n"), new byte[] {(byte) 0xc3, '\n'}, utf8("x\n"));
    assertThatThrownBy(() -> sniff(file))
        .isInstanceOf(ServerError.class)
        .hasMessageContaining("line 4")
        .hasMessageContaining("UTF-8");
    assertThat(sniff(file, "windows-1252").assumed()).isFalse();
    // A pair of letters that is by chance a letter of UTF-8.
    byte[] latin = "naïve,ü\nÃ¼,é\ncafé,à\n".getBytes(StandardCharsets.ISO_8859_1);
    assertThat(sniff(latin).charset()).isEqualTo(Charset.forName("windows-1252"));
    byte[] cut = utf8("name\nMüller\nJosé");
    assertThatThrownBy(() -> sniff(java.util.Arrays.copyOf(cut, cut.length - 1)))
        .hasMessageContaining("line 3");
  }

  @Test
  void headersThatLookLikeOtherFilesAreText() throws IOException {
    assertThat(sniff(utf8("BZhang,PAR\n1,2\n"))).isEqualTo(TextEncoding.UTF_8);
    assertThat(sniff(utf8("PAR1,PAR2\n1,2\n"))).isEqualTo(TextEncoding.UTF_8);
    assertThatThrownBy(() -> sniff(utf8("PK\u0005\u0006\0\0"))).hasMessageContaining("ZIP");
    assertThatThrownBy(() -> sniff(utf8("BZh91AY&SY\0\0"))).hasMessageContaining("bzip2");
  }

  @Test
  void aByteOrderMarkAgainstWhatIsSaidIsRefused() {
    byte[] big =
        join(new byte[] {(byte) 0xfe, (byte) 0xff}, "a,b".getBytes(StandardCharsets.UTF_16BE));
    assertThatThrownBy(() -> sniff(big, "UTF-16LE")).hasMessageContaining("UTF-16BE");
    assertThat(sniff(big, "UTF-16BE").skip()).isEqualTo(2);
    assertThatThrownBy(() -> sniff(utf8("a,b\n"), "UTF-16")).hasMessageContaining("UTF-16LE");
  }

  @Test
  void halfACharacterAtTheEndIsRefused() {
    byte[] odd = join("\uFEFFa,b\n1,2\n".getBytes(StandardCharsets.UTF_16LE), new byte[] {'x'});
    assertThatThrownBy(() -> survey(odd, sniff(odd), '"')).hasMessageContaining("UTF-16LE");
    byte[] lone = "\uFEFFa,b\n".getBytes(StandardCharsets.UTF_16LE);
    byte[] surrogate = join(lone, new byte[] {0, (byte) 0xd8, ',', 0, '1', 0, '\n', 0});
    assertThatThrownBy(() -> survey(surrogate, sniff(surrogate), '"'))
        .hasMessageContaining("no text in UTF-16LE");
  }

  @Test
  void linesInsideABrokenFieldAreNoRows() throws IOException {
    CsvSurvey survey = survey("a,b\n1,2\n\"x\n3,4\ny\"z,5\n6,7\n");
    assertThat(survey.rows()).isEqualTo(2);
    assertThat(survey.defects()).extracting(CsvDefect::line).containsExactly(3L, 4L, 5L);
    assertThat(survey.defects().get(1).problem()).contains("line 3");
  }

  @Test
  void aLineHasALimitToo() throws IOException {
    String field = "x".repeat(CsvLines.LONGEST_FIELD);
    CsvSurvey survey = survey("a,b\n" + (field + ",").repeat(40) + "\n1,2\n");
    assertThat(survey.rows()).isEqualTo(1);
    assertThat(survey.defects())
        .singleElement()
        .satisfies(defect -> assertThat(defect.problem()).contains("characters"));
  }

  @Test
  void anyCharacterMayBeQuoteOrDelimiter() throws IOException {
    assertThat(survey(utf8("a,b\n#1,2#,3\n"), TextEncoding.UTF_8, '#').firstRows())
        .containsExactly(List.of("1,2", "3"));
    assertThat(survey("#a,#b\n#1,2\n").rows()).isEqualTo(1);
  }

  @Test
  void aColumnOfTextIsOneColumn() throws IOException {
    StringBuilder text = new StringBuilder("name\n");
    for (int i = 0; i < 300; i++) {
      text.append(i % 25 == 0 ? "Smith, John " : "Smith ").append(i).append('\n');
    }
    CsvSurvey survey = survey(text.toString());
    assertThat(survey.columns()).hasSize(1);
    assertThat(survey.defectCount()).isZero();
    assertThat(survey.firstRows().get(0)).containsExactly("Smith, John 0");
    // A title above a table, and a table most of whose lines are cut, are not.
    assertThat(survey("Report of May\nid,amount\n1,2\n3,4\n").defectCount()).isEqualTo(3);
    assertThat(survey("id,amount\n1\n2\n3\n4,5\n").defectCount()).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          12345678901234567890.5 1e5 | string
          123456789012345.5 1e5 | double
          2016-12-31T23:59:60Z | string
          2024-01-01T00:00:00+00 2024-01-01T00:00:00Z | timestamp
          Infinity 1 | string
          """)
  void types(String values, String type) throws IOException {
    CsvSurvey survey = survey("c;d\n" + values.replace(" ", ";x\n") + ";x\n");
    assertThat(survey.columns().get(0).type().toString()).isEqualTo(type);
  }

  @Test
  void aLongNameIsCutBetweenCharacters() throws IOException {
    CsvSurvey survey = survey("\uD83D\uDE00".repeat(200) + ",b\n1,2\n");
    String name = survey.columns().get(0).name();
    assertThat(name.length()).isLessThanOrEqualTo(255);
    assertThat(Character.isHighSurrogate(name.charAt(name.length() - 1))).isFalse();
  }

  @Test
  void theLastLineNeedsNoEnd() throws IOException {
    for (String end : List.of("\n", "\r\n", "\r")) {
      CsvSurvey survey = survey("a,b" + end + "1,\"x\r\ny\"" + end + "2,in \"the\" middle");
      assertThat(survey.firstRows())
          .containsExactly(List.of("1", "x\r\ny"), List.of("2", "in \"the\" middle"));
    }
    assertThat(survey("a,b").rows()).isZero();
  }
}
