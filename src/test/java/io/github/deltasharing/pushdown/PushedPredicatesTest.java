/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.pushdown;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.deltasharing.protocol.AddFile;
import io.github.deltasharing.protocol.Metadata;
import io.github.deltasharing.table.FileFilter;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.connector.expressions.Expression;
import org.apache.spark.sql.connector.expressions.Expressions;
import org.apache.spark.sql.connector.expressions.LiteralValue;
import org.apache.spark.sql.connector.expressions.filter.Predicate;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.sources.EqualTo;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Who is asked to decide which predicate, and in which words. */
@Tag("unit")
class PushedPredicatesTest {
  private static final String SCHEMA =
      """
      {"type":"struct","fields":[
       {"name":"p","type":"integer","nullable":true,"metadata":{}},
       {"name":"day","type":"date","nullable":true,"metadata":{}},
       {"name":"at","type":"timestamp","nullable":true,"metadata":{}},
       {"name":"n","type":"long","nullable":true,"metadata":{}},
       {"name":"s","type":"string","nullable":true,"metadata":{}},
       {"name":"d","type":"double","nullable":true,"metadata":{}},
       {"name":"m","type":"decimal(20,2)","nullable":true,"metadata":{}},
       {"name":"b","type":"boolean","nullable":true,"metadata":{}},
       {"name":"nd","type":"date","nullable":true,"metadata":{}},
       {"name":"dotted.name","type":"long","nullable":true,"metadata":{}},
       {"name":"odd name","type":"long","nullable":true,"metadata":{}},
       {"name":"mapped","type":"long","nullable":true,
        "metadata":{"delta.columnMapping.physicalName":"n"}},
       {"name":"st","type":{"type":"struct","fields":[
         {"name":"f","type":"long","nullable":true,"metadata":{}}]},
        "nullable":true,"metadata":{}}]}""";
  private static final Metadata METADATA =
      new Metadata(
          "id",
          null,
          null,
          "parquet",
          SCHEMA,
          List.of("p", "day", "at"),
          Map.of(),
          null,
          null,
          null,
          List.of());
  private static final ScanColumns COLUMNS =
      new ScanColumns(
          (StructType) DataType.fromJson(SCHEMA), METADATA, true, "America/Los_Angeles");
  private static final PushdownSettings ON =
      new PushdownSettings(true, true, true, true, true, true, true, true, true, true);

  private static Predicate of(String name, Expression... children) {
    return new Predicate(name, children);
  }

  private static Expression column(String name) {
    return Expressions.column(name);
  }

  /** A literal as the optimiser hands it over: in Spark's internal form. */
  private static Expression literal(Object value) {
    Literal literal = (Literal) functions.lit(value).expr();
    return new LiteralValue<>(literal.value(), literal.dataType());
  }

  private static Predicate compare(String column, String operator, Object value) {
    return of(operator, column(column), literal(value));
  }

  private static PushedPredicates push(Predicate... predicates) {
    return new PushedPredicates(predicates, COLUMNS, ON);
  }

  static Stream<Arguments> hints() {
    String long32 = "a".repeat(32);
    return Stream.of(
        Arguments.of(compare("p", "=", 5), "p = 5"),
        Arguments.of(compare("n", ">", 5L), "n > 5"),
        Arguments.of(of("<", literal(5L), column("n")), "n > 5"),
        Arguments.of(of("<=>", column("p"), literal(5)), "p = 5"),
        Arguments.of(compare("b", "=", true), "b = true"),
        Arguments.of(compare("s", "<=", "x"), "s <= 'x'"),
        Arguments.of(of("IN", column("p"), literal(1), literal(2)), "(p = 1 OR p = 2)"),
        // Of AND what can be said.
        Arguments.of(of("AND", compare("n", "=", 1L), compare("d", ">", 1.0)), "n = 1"),
        // A maximum may have been cut to 32 characters, and not rounded up.
        Arguments.of(compare("s", ">", long32 + "b"), "s >= '" + long32 + "'"),
        Arguments.of(
            compare("s", "=", long32 + "b"), "(s >= '" + long32 + "' AND s <= '" + long32 + "b')"),
        Arguments.of(compare("s", "<", long32 + "b"), "s < '" + long32 + "b'"));
  }

  @ParameterizedTest
  @MethodSource("hints")
  void tellsTheServer(Predicate predicate, String sql) {
    assertThat(push(predicate).sqlHints()).containsExactly(sql);
    assertThat(push(predicate).jsonHints()).isNotNull();
  }

  static Stream<Predicate> unsafe() {
    return Stream.of(
        // Servers evaluate negations and null checks on a file as a whole.
        of("NOT", compare("p", "=", 5)),
        compare("p", "<>", 5),
        of("IS_NULL", column("p")),
        of("IS_NOT_NULL", column("p")),
        // Of OR all or nothing.
        of("OR", compare("p", "=", 5), of("IS_NULL", column("p"))),
        // Timestamps are cut to milliseconds; NaN is in no statistics.
        compare("at", ">", Instant.parse("2024-01-01T00:00:00Z")),
        compare("d", ">", 5.0),
        // UTF-16, which a server may sort by, sorts these in another way than UTF-8.
        compare("s", "=", "\ud83d\ude00"),
        // Calendars differ.
        compare("day", "=", LocalDate.parse("1500-01-01")),
        // Not every server finds the same column.
        compare("`dotted.name`", "=", 5L),
        compare("mapped", "=", 5L),
        compare("st.f", "=", 5L));
  }

  @ParameterizedTest
  @MethodSource("unsafe")
  void doesNotTellTheServer(Predicate predicate) {
    assertThat(push(predicate).sqlHints()).isEmpty();
    assertThat(push(predicate).jsonHints()).isNull();
  }

  @Test
  void sqlIsNotWrittenWhereItWouldNeedQuoting() {
    PushedPredicates quoted = push(compare("s", "=", "it's"), compare("`odd name`", "=", 5L));
    assertThat(quoted.sqlHints()).isEmpty();
    assertThat(quoted.jsonHints()).contains("it's").contains("odd name");
  }

  @Test
  void partitionColumnsComeFirst() {
    assertThat(push(compare("n", "=", 1L), compare("p", "=", 2)).sqlHints())
        .containsExactly("p = 2", "n = 1");
  }

  @Test
  void aLongInBecomesARange() {
    List<Expression> children = new ArrayList<>(List.of(column("n")));
    for (long value = 0; value < 100; value++) {
      children.add(literal(1_000 - value));
    }
    assertThat(push(of("IN", children.toArray(Expression[]::new))).sqlHints())
        .containsExactly("(n >= 901 AND n <= 1000)");
  }

  @Test
  void aLongInOfNumbersThatNoHintMayHaveIsNone() {
    List<Expression> children = new ArrayList<>(List.of(column("d")));
    for (int value = 0; value < 100; value++) {
      children.add(literal(value + 0.5));
    }
    PushedPredicates pushed = push(of("IN", children.toArray(Expression[]::new)));
    assertThat(pushed.sqlHints()).isEmpty();
    assertThat(pushed.describe()).hasSizeLessThan(2_000);
    assertThat(pushed.dataFilters()).hasSize(1);
  }

  @Test
  void statisticsOfDecimalsMayHaveBeenDoubles() {
    Predicate equal = compare("m", "=", new BigDecimal("123456789012345670.00"));
    String rounded =
        """
        {"numRecords":1,"minValues":{"m":123456789012345664},
         "maxValues":{"m":123456789012345664},"nullCount":{"m":0}}""";
    assertThat(pruned(equal, rounded)).isEqualTo(1);
    assertThat(pruned(compare("m", "=", new BigDecimal("123456789012340000.00")), rounded))
        .isZero();
  }

  @Test
  void statisticsOfTextThatIsNoneBoundNothing() {
    String damaged =
        """
        {"numRecords":1,"minValues":{"s":"\ufffd"},"maxValues":{"s":"\ufffd"},"nullCount":{"s":0}}""";
    assertThat(pruned(compare("s", "<", "b"), damaged)).isEqualTo(1);
  }

  private static int pruned(Predicate predicate, String stats) {
    AddFile file =
        new AddFile("http://localhost/1", "f", 10, new HashMap<>(), stats, null, null, null, null);
    return new FilePruner("s.s.t", PushedScan.of(push(predicate)), "UTC")
        .prune(List.of(file))
        .files()
        .size();
  }

  @Test
  void parquetIsAskedForDaysThatJavaSqlDoesNotHave() {
    assertThat(push(compare("nd", "=", LocalDate.parse("1582-10-10"))).dataFilters())
        .containsExactly(new EqualTo("nd", LocalDate.parse("1582-10-10")));
  }

  @Test
  void bytesThatAreNoTextGoNowhere() {
    Predicate predicate =
        of(
            "=",
            column("s"),
            new LiteralValue<>(
                UTF8String.fromBytes(new byte[] {(byte) 0xff}), DataTypes.StringType));
    assertThat(push(predicate).dataFilters()).isEmpty();
    assertThat(push(predicate).sqlHints()).isEmpty();
  }

  /** Field metadata may have been left behind by a table that is mapped no more. */
  @Test
  void physicalNamesCountOnlyInMappedTables() {
    ScanColumns unmapped =
        new ScanColumns((StructType) DataType.fromJson(SCHEMA), METADATA, false, "UTC");
    PushedPredicates pushed =
        new PushedPredicates(new Predicate[] {compare("mapped", "=", 5L)}, unmapped, ON);
    assertThat(pushed.dataFilters()).containsExactly(new EqualTo("mapped", 5L));
    assertThat(pushed.sqlHints()).containsExactly("mapped = 5");
    assertThat(push(compare("mapped", "=", 5L)).dataFilters())
        .containsExactly(new EqualTo("n", 5L));
  }

  @Test
  void aJoinWithNothingReadsNothing() {
    FileFilter nothing = RuntimeFilters.of(new Predicate[] {of("IN", column("n"))}, COLUMNS);
    assertThat(FilePruner.matching(List.of(file(Map.of())), nothing)).isEmpty();
  }

  @Test
  void hintsHaveABound() {
    Predicate[] many = new Predicate[5_000];
    for (int i = 0; i < many.length; i++) {
      many[i] = compare("n", "<", 1_000_000L + i);
    }
    assertThat(push(many).sqlHints()).hasSize(2_000);
  }

  @Test
  void onlyPartitionValuesTakeAPredicateFromSpark() {
    Predicate partition = of("OR", compare("p", "<>", 5), of("IS_NULL", column("day")));
    Predicate mixed = of("OR", compare("p", "=", 5), compare("n", "=", 5L));
    Predicate unknown = of("=", of("ABS", column("p")), literal(5));
    PushedPredicates pushed = push(partition, mixed, unknown);
    assertThat(pushed.forSpark()).containsExactly(mixed, unknown);
    assertThat(pushed.pushed()).containsExactly(partition, mixed);
  }

  @Test
  void switchedOffNothingIsPushed() {
    PushdownSettings off =
        new PushdownSettings(false, true, true, true, true, true, true, true, true, true);
    Predicate predicate = compare("p", "=", 5);
    PushedPredicates pushed = new PushedPredicates(new Predicate[] {predicate}, COLUMNS, off);
    assertThat(pushed.forSpark()).containsExactly(predicate);
    assertThat(pushed.pushed()).isEmpty();
    assertThat(pushed.sqlHints()).isEmpty();
  }

  @Test
  void partitionTimestampsAreReadInTheSessionsZone() {
    Predicate noon = of("=", column("at"), literal(Instant.parse("2024-01-01T20:00:00Z")));
    Map<String, String> none = new HashMap<>();
    none.put("At", null);
    List<AddFile> files =
        List.of(file(Map.of("at", "2024-01-01 12:00:00")), file(Map.of("at", "")), file(none));
    PrunedFiles pruned =
        new FilePruner("s.s.t", PushedScan.of(push(noon)), "America/Los_Angeles").prune(files);
    assertThat(pruned.files()).containsExactly(files.get(0));
    assertThat(pruned.skippedByPartition()).isEqualTo(2);
    Predicate isNull = of("IS_NULL", column("at"));
    assertThat(new FilePruner("s.s.t", PushedScan.of(push(isNull)), "UTC").prune(files).files())
        .hasSize(2);
    // The protocol has a value of each partition column, be it null.
    assertThatThrownBy(
            () ->
                new FilePruner("s.s.t", PushedScan.of(push(isNull)), "UTC")
                    .prune(List.of(file(Map.of()))))
        .hasMessageContaining("s.s.t")
        .hasMessageContaining("file-1")
        .hasMessageContaining("column at");
  }

  @Test
  void aPartitionValueThatIsNoneIsAnErrorAlsoWhereNobodyReadsIt() {
    FilePruner pruner = new FilePruner("s.s.t", PushedScan.of(push(compare("p", "=", 5))), "UTC");
    assertThatThrownBy(() -> pruner.prune(List.of(file(Map.of("p", "five")))))
        .hasMessageContaining("s.s.t")
        .hasMessageContaining("file-1")
        .hasMessageContaining("p")
        .hasMessageContaining("five");
  }

  private static AddFile file(Map<String, String> partitionValues) {
    return new AddFile(
        "http://localhost/1",
        "file-1",
        10,
        new HashMap<>(partitionValues),
        null,
        null,
        null,
        null,
        null);
  }
}
