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
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Encodings, delimiters, headers and types as they are found. */
@Tag("unit")
class CsvInferenceTest {
  @TempDir Path directory;

  private static byte[] bytes(String hex, String text, String charset) {
    byte[] mark = HexFormat.of().parseHex(hex);
    byte[] rest = text.getBytes(Charset.forName(charset));
    byte[] all = Arrays.copyOf(mark, mark.length + rest.length);
    System.arraycopy(rest, 0, all, mark.length, rest.length);
    return all;
  }

  /** Fed in pieces of that many bytes. */
  private static TextEncoding sniff(byte[] bytes, int piece, Optional<String> given) {
    EncodingSniffer sniffer = new EncodingSniffer();
    for (int i = 0; i < bytes.length; i += piece) {
      sniffer.accept(bytes, i, Math.min(piece, bytes.length - i));
    }
    return sniffer.finish("orders.csv", given);
  }

  private CsvSurvey survey(String text) throws IOException {
    return survey(text, Optional.empty(), Optional.empty());
  }

  private CsvSurvey survey(String text, Optional<Character> delimiter, Optional<Boolean> header)
      throws IOException {
    Path file = directory.resolve("file.csv");
    Files.writeString(file, text);
    return CsvSurvey.of(
        file, new CsvSurvey.Given(TextEncoding.UTF_8, delimiter, '"', header, Set.of("NA", "\\N")));
  }

  private static String names(CsvSurvey survey) {
    return survey.columns().stream().map(CsvColumn::name).collect(Collectors.joining("|"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''      | US-ASCII     | a,b 1,2           | UTF-8        | 0 | false
          ''      | UTF-8        | naïve,€ 1,ü       | UTF-8        | 0 | false
          efbbbf  | UTF-8        | naïve,€ 1,ü       | UTF-8        | 3 | false
          fffe    | UTF-16LE     | naïve,€ 1,ü       | UTF-16LE     | 2 | false
          feff    | UTF-16BE     | naïve,€ 1,ü       | UTF-16BE     | 2 | false
          ''      | UTF-16LE     | name,count 1,2    | UTF-16LE     | 0 | true
          ''      | UTF-16BE     | name,count 1,2    | UTF-16BE     | 0 | true
          ''      | windows-1252 | naïve,€ 1,ü       | windows-1252 | 0 | true
          ''      | ISO-8859-1   | naïve,ü 1,\u0081  | ISO-8859-1   | 0 | true
          """)
  void encodings(
      String mark, String written, String text, String found, int skip, boolean assumed) {
    String unescaped = text.replace("\\u0081", "\u0081").replace(' ', '\n');
    for (int piece : new int[] {1, 3, 1000}) {
      assertThat(sniff(bytes(mark, unescaped, written), piece, Optional.empty()))
          .isEqualTo(new TextEncoding(Charset.forName(found), skip, assumed));
    }
  }

  @Test
  void whatIsNoTextIsRefusedByName() throws IOException {
    ByteArrayOutputStream gzip = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(gzip)) {
      out.write("a,b\n1,2\n".getBytes(StandardCharsets.UTF_8));
    }
    assertRefused(gzip.toByteArray(), "gzip");
    assertRefused(bytes("504b0304140000000800", "xl/workbook.xml", "US-ASCII"), "ZIP archive");
    assertRefused(bytes("50415231150400", "x", "US-ASCII"), "Parquet file that is cut off");
    assertRefused(bytes("25504446", "-1.7", "US-ASCII"), "PDF");
    assertRefused("a,b\n1,\0\n".getBytes(StandardCharsets.UTF_8), "NUL");
    assertRefused(bytes("efbbbf", "a,b\n1,2\n3,\u00fc\n", "ISO-8859-1"), "line 3");
  }

  private static void assertRefused(byte[] bytes, String why) {
    assertThatThrownBy(() -> sniff(bytes, 4, Optional.empty()))
        .isInstanceOf(ServerError.class)
        .hasMessageContaining("'orders.csv'")
        .hasMessageContaining(why);
  }

  @Test
  void anEncodingThatIsSaidIsTakenAndChecked() {
    byte[] latin = bytes("", "n\u00e4me\nx\n", "ISO-8859-1");
    assertThat(sniff(latin, 10, Optional.of("latin1")).charset())
        .isEqualTo(StandardCharsets.ISO_8859_1);
    assertThatThrownBy(() -> sniff(latin, 10, Optional.of("UTF-8"))).hasMessageContaining("line 1");
    assertThatThrownBy(() -> sniff(latin, 10, Optional.of("EBCDIC")))
        .hasMessageContaining("encoding must be");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          1 -2 9223372036854775807 -9223372036854775808 | long
          0 | long
          9223372036854775808 1 | decimal(19,0)
          99999999999999999999999999999999999999 | decimal(38,0)
          999999999999999999999999999999999999999 | string
          007 1 | string
          +1 2 | string
          1,000 | string
          1.50 22.5 | decimal(4,2)
          0.5 0.25 | decimal(2,2)
          1 2.5 | decimal(2,1)
          12345678901234567890123456789012345678 0.5 | string
          0.1234567890123456789012345678901234567890 1 | double
          1e5 2 | double
          1e999 2 | string
          12345678901234567890 1e5 | string
          -0 1 | double
          -0.0 1.5 | double
          1. 2 | string
          .5 2 | string
          NaN 1 | string
          true FALSE True | boolean
          true 1 | string
          yes no | string
          2024-02-29 1999-12-31 | date
          2023-02-29 | string
          2024-2-9 | string
          31.12.2024 | string
          1582-10-15 | date
          1582-10-14 | string
          0001-01-01 | string
          2024-01-01T00:00:00Z 2024-01-01T00:00:00.123456+02:00 | timestamp
          2024-01-01T00:00Z | timestamp
          2024-01-01T00:00:00+0530 2024-01-01T00:00:00-08 | timestamp
          2024-01-01T00:00:00.123456000Z | timestamp
          2024-01-01T00:00:00.1234567Z | string
          2024-01-01T24:00:00Z | string
          1899-12-31T23:59:59Z | string
          2024-01-01T00:00:00 2024-06-01T12:30 | timestamp_ntz
          2024-01-01T00:00:00 2024-01-01T00:00:00Z | string
          2024-01-01T00:00:00Z 2024-01-01 | string
          NA 1 \\N | long
          NA \\N | string
          abc | string
          """)
  void types(String values, String type) throws IOException {
    CsvSurvey survey =
        survey("c;d\n" + values.replace(" ", ";x\n") + ";x\n", Optional.of(';'), Optional.of(true));
    assertThat(survey.columns().get(0).type().toString()).isEqualTo(type);
    assertThat(survey.defectCount()).isZero();
    assertThat(ColumnType.parse(type)).isEqualTo(survey.columns().get(0).type());
  }

  @Test
  void everyValueFitsTheTypeThatWasFound() throws IOException {
    CsvSurvey survey = survey("a,b,c\n1,2.5,x\n\"\",NA,\"\"\n 3 , 4.25 ,\n");
    assertThat(survey.columns().toString()).contains("long").contains("decimal(3,2)");
    List<Object[]> rows = read(survey, survey.columns().stream().map(CsvColumn::type).toList());
    assertThat(rows.get(0)[0]).isEqualTo(1L);
    assertThat(rows.get(1)).containsExactly(null, null, "");
    assertThat(rows.get(2)[0]).isEqualTo(3L);
    assertThat(rows.get(2)[1].toString()).isEqualTo("4.25");
    assertThat(rows.get(2)[2]).isNull();
  }

  private List<Object[]> read(CsvSurvey survey, List<ColumnType> types) throws IOException {
    List<Object[]> rows = new java.util.ArrayList<>();
    try (TypedRows typed =
        new TypedRows(
            directory.resolve("file.csv"),
            survey.format(),
            types,
            row -> {
              throw new AssertionError(row.defect());
            })) {
      typed.forEachRemaining(rows::add);
    }
    return rows;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      textBlock =
          """
          a,b~1,2             ! ','
          a;b~1;2             ! ';'
          a;b~1,5;2,5         ! ';'
          a\tb~1\t2           ! tab
          a|b~1|2             ! '|'
          "a;x",b~"1;2",2     ! ','
          a~1                 ! ','
          """)
  void delimiters(String text, String delimiter) throws IOException {
    CsvSurvey survey = survey(text.replace("\\t", "\t").replace('~', '\n'));
    assertThat(String.valueOf(survey.format().delimiter()))
        .isEqualTo(delimiter.equals("tab") ? "\t" : delimiter);
  }

  @Test
  void headersAreFoundOrSaid() throws IOException {
    assertThat(names(survey("id,name\n1,x\n"))).isEqualTo("id|name");
    CsvSurvey none = survey("1,x\n2,y\n");
    assertThat(names(none)).isEqualTo("column_1|column_2");
    assertThat(none.rows()).isEqualTo(2);
    assertThat(names(survey("1,x\n2,y\n", Optional.empty(), Optional.of(true)))).isEqualTo("1|x");
    CsvSurvey said = survey("id,name\n1,x\n", Optional.empty(), Optional.of(false));
    assertThat(said.rows()).isEqualTo(2);
    assertThat(said.columns().get(0).type()).isEqualTo(ColumnType.STRING);
    CsvSurvey twice = survey("a,A,,\" b\n c \"\n1,2,3,4\n");
    assertThat(names(twice)).isEqualTo("a|A_2|column_3|b c");
    assertThat(twice.duplicates()).containsExactly("A");
    CsvSurvey empty = survey("a,b\n");
    assertThat(empty.rows()).isZero();
    assertThatThrownBy(() -> survey("")).hasMessageContaining("empty");
    assertThatThrownBy(() -> survey("\n\n")).hasMessageContaining("empty");
  }

  @Test
  void brokenLinesAreCountedByTheirNumbers() throws IOException {
    CsvSurvey survey =
        survey("a,b\r\n1,2\r\n3\r\n\"x\ny\",4\r\n5,6,7\n\"8\" 9,10\n11,12\n\"13,14\n15,16\n");
    assertThat(survey.defects())
        .containsExactly(
            new CsvDefect(3, "it has 1 fields instead of 2"),
            new CsvDefect(6, "it has 3 fields instead of 2"),
            new CsvDefect(7, "there is text after a closing quote"),
            new CsvDefect(9, "a quote is opened and never closed"));
    assertThat(survey.rows()).isEqualTo(4);
    assertThat(survey.firstRows())
        .containsExactly(
            List.of("1", "2"), List.of("x\ny", "4"), List.of("11", "12"), List.of("15", "16"));
  }

  @Test
  void limits() throws IOException {
    String longest = "x".repeat(CsvLines.LONGEST_FIELD);
    assertThat(survey("a,b\n" + longest + ",1\n").defectCount()).isZero();
    CsvSurvey longer = survey("a,b\n" + longest + "x,1\n2,3\n");
    assertThat(longer.defects()).hasSize(1);
    assertThat(longer.defects().get(0).line()).isEqualTo(2);
    assertThat(longer.rows()).isEqualTo(1);
    String quoted = "\"" + "x\n".repeat(3 * CsvLines.LONGEST_FIELD / 2);
    CsvSurvey endless = survey("a,b\n1,2\n" + quoted, Optional.of(','), Optional.of(true));
    assertThat(endless.defects().get(0).line()).isEqualTo(3);
    String most = ",c".repeat(CsvLines.MOST_COLUMNS - 1);
    assertThat(survey("c" + most + "\n").columns()).hasSize(CsvLines.MOST_COLUMNS);
    assertThatThrownBy(() -> survey("c,c" + most + "\n")).hasMessageContaining("10000 fields");
    String broken = "a,b\n" + "\"x\"y,1\n".repeat(101);
    assertThatThrownBy(() -> survey(broken)).hasMessageContaining("broken quotes");
  }
}
