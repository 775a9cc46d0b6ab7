/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.deltasharing.error.SharingException;
import io.github.deltasharing.protocol.Metadata;
import io.github.deltasharing.protocol.Protocol;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("unit")
class TableFeaturesTest {
  private static Metadata metadata(String provider, Map<String, String> configuration) {
    return metadata(provider, configuration, List.of());
  }

  private static Metadata metadata(
      String provider, Map<String, String> configuration, List<String> accessModes) {
    return new Metadata(
        "id", null, null, provider, "{}", List.of(), configuration, null, null, null, accessModes);
  }

  private static final Metadata PLAIN = metadata("parquet", Map.of());

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void readerVersionsUpToThreeAreRead(int version) {
    assertThatCode(() -> TableFeatures.check("s.s.t", new Protocol(version, 7, Set.of()), PLAIN))
        .doesNotThrowAnyException();
  }

  @Test
  void aLaterReaderVersionIsRefusedByItsNumber() {
    assertThatThrownBy(() -> TableFeatures.check("s.s.t", new Protocol(4, 7, Set.of()), PLAIN))
        .isInstanceOf(SharingException.class)
        .hasMessageContaining("Table s.s.t cannot be read: it needs Delta reader version 4.")
        .hasMessageContaining("Upgrade the connector");
  }

  @Test
  void supportedFeaturesAreReadInAnyCase() {
    Protocol protocol =
        new Protocol(3, 7, Set.of("timestampNtz", "v2Checkpoint", "vacuumProtocolCheck"));
    assertThatCode(() -> TableFeatures.check("s.s.t", protocol, PLAIN)).doesNotThrowAnyException();
  }

  @Test
  void allUnsupportedFeaturesAreNamedInOrder() {
    Protocol protocol =
        new Protocol(3, 7, Set.of("variantType", "timestampNtz", "allowColumnSoup"));
    assertThatThrownBy(() -> TableFeatures.check("s.s.t", protocol, PLAIN))
        .hasMessageContaining("Table s.s.t")
        .hasMessageContaining("[allowColumnSoup, variantType]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"name", "id", "NAME"})
  void columnMappingIsAMode(String mode) {
    Metadata mapped = metadata("parquet", Map.of("delta.columnMapping.mode", mode));
    assertThat(TableFeatures.columnMappingMode("s.s.t", mapped))
        .isEqualTo(mode.toLowerCase(Locale.ROOT));
  }

  @Test
  void anUnknownColumnMappingModeIsRefused() {
    Metadata mapped = metadata("parquet", Map.of("delta.columnMapping.mode", "colour"));
    assertThatThrownBy(() -> TableFeatures.columnMappingMode("s.s.t", mapped))
        .hasMessageContaining("s.s.t")
        .hasMessageContaining("'colour'");
  }

  @Test
  void columnMappingSwitchedOffIsNone() {
    Metadata none = metadata("parquet", Map.of("delta.columnMapping.mode", "none"));
    assertThatCode(() -> TableFeatures.check("s.s.t", new Protocol(2, 5, Set.of()), none))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"url", "dir,url", "URL"})
  void filesWithUrlsAreRead(String modes) {
    Metadata table = metadata("parquet", Map.of(), List.of(modes.split(",")));
    assertThatCode(() -> TableFeatures.check("s.s.t", new Protocol(1, 2, Set.of()), table))
        .doesNotThrowAnyException();
  }

  @Test
  void aTableThatIsOfferedInAnUnknownWayIsRefusedByThatName() {
    Metadata table = metadata("parquet", Map.of(), List.of("ftp"));
    assertThatThrownBy(() -> TableFeatures.check("s.s.t", new Protocol(1, 2, Set.of()), table))
        .isInstanceOf(SharingException.class)
        .hasMessageContaining("Table s.s.t cannot be read")
        .hasMessageContaining("access modes [ftp]")
        .hasMessageContaining("share it with the access mode 'url' too");
  }

  @Test
  void anotherFileFormatIsRefused() {
    assertThatThrownBy(
            () ->
                TableFeatures.check(
                    "s.s.t", new Protocol(1, 0, Set.of()), metadata("orc", Map.of())))
        .hasMessageContaining("format 'orc'");
  }
}
