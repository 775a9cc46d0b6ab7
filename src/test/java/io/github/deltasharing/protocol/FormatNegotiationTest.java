/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.deltasharing.protocol.FormatNegotiation.NoCommonFormatException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("unit")
class FormatNegotiationTest {
  private static List<String> list(String texts) {
    return texts == null ? List.of() : Arrays.asList(texts.split(","));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        " | responseformat=parquet | PARQUET",
        " | responseformat=delta | DELTA",
        " | responseformat=delta,parquet | PARQUET",
        " | | PARQUET",
        "v2Checkpoint | responseformat=parquet | PARQUET",
        "v2Checkpoint | responseformat=parquet,delta | DELTA",
        "deletionVectors | responseformat=parquet,delta;readerfeatures=deletionvectors | DELTA",
        "deletionVectors,v2Checkpoint | responseformat=delta;readerfeatures=DeletionVectors | DELTA"
      })
  void theSimpleFormatIsChosenWhereItSaysEverything(
      String features, String header, ResponseFormat format) throws Exception {
    Capabilities offered = Capabilities.ofRequest(header);
    assertThat(FormatNegotiation.choose("s.s.t", list(features), offered)).isEqualTo(format);
    assertThat(FormatNegotiation.isAllowed(format, offered.formats())).isTrue();
  }

  @Test
  void aTableThatNoFormatCanCarryIsRefusedByItsFeatures() {
    assertThatThrownBy(
            () ->
                FormatNegotiation.choose(
                    "s.s.t",
                    List.of("deletionVectors", "v2Checkpoint"),
                    Capabilities.ofRequest("responseformat=parquet")))
        .isInstanceOf(NoCommonFormatException.class)
        .hasMessageStartingWith(
            "Cannot read s.s.t in parquet format: the table uses deletionVectors. Ask with");
    assertThatThrownBy(
            () ->
                FormatNegotiation.choose(
                    "s.s.t",
                    List.of("deletionVectors", "columnMapping"),
                    Capabilities.ofRequest("responseformat=delta;readerfeatures=columnmapping")))
        .isInstanceOf(NoCommonFormatException.class)
        .hasMessageStartingWith(
            "Cannot read s.s.t: the table uses deletionVectors, which the client did not name");
  }

  @Test
  void aClientTakesParquetForAnyOfferAndDeltaOnlyIfItOfferedIt() {
    List<ResponseFormat> parquet = List.of(ResponseFormat.PARQUET);
    List<ResponseFormat> delta = List.of(ResponseFormat.DELTA);
    assertThat(FormatNegotiation.isAllowed(ResponseFormat.PARQUET, delta)).isTrue();
    assertThat(FormatNegotiation.isAllowed(ResponseFormat.DELTA, delta)).isTrue();
    assertThat(FormatNegotiation.isAllowed(ResponseFormat.DELTA, parquet)).isFalse();
  }

  private static List<String> features(int minReader, Set<String> features, String mapping) {
    return FormatNegotiation.readerFeatures(
        new Protocol(minReader, 7, features),
        new Metadata(
            "id",
            null,
            null,
            "parquet",
            "{}",
            List.of(),
            mapping == null ? Map.of() : Map.of("delta.columnMapping.mode", mapping),
            null,
            null,
            null,
            List.of()));
  }

  @Test
  void aReadersFeaturesAreTheProtocolsAndMappingByVersion() {
    assertThat(features(3, Set.of("timestampNtz"), "name")).containsExactly("timestampNtz");
    assertThat(features(2, Set.of(), "id")).containsExactly("columnMapping");
    assertThat(features(2, Set.of(), "NONE")).isEmpty();
    assertThat(features(2, Set.of(), null)).isEmpty();
    assertThat(features(1, Set.of(), "name")).isEmpty();
  }
}
