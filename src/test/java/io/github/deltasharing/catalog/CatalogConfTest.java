/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.deltasharing.options.SharingOptions;
import io.github.deltasharing.testing.LogCapture;
import java.util.HashMap;
import java.util.Map;
import org.apache.logging.log4j.Level;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A catalog's settings: what is wrong is named by its key, when the catalog is first used. */
@Tag("unit")
class CatalogConfTest {
  private static CatalogConf conf(Map<String, String> settings) {
    return new CatalogConf("retail", new CaseInsensitiveStringMap(new HashMap<>(settings)));
  }

  @Test
  void optionsOfReadsAreTakenInAnyCase() {
    CatalogConf conf =
        conf(
            Map.of("PROFILE", "/x/config.share", "Share", "s", "NUMretries", "7", "timeout", "5s"));
    assertThat(conf.share()).isEqualTo("s");
    assertThat(conf.read(Map.of()).get(SharingOptions.NUM_RETRIES)).isEqualTo(7);
    assertThat(conf.read(Map.of("numretries", "2")).get(SharingOptions.NUM_RETRIES)).isEqualTo(2);
    assertThat(conf.read(Map.of()).http().timeout().toSeconds()).isEqualTo(5);
  }

  @Test
  void aMissingProfileIsNamedByItsKey() {
    for (Map<String, String> settings :
        java.util.List.of(Map.<String, String>of(), Map.of("profile", " "))) {
      assertThatThrownBy(() -> conf(settings))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "Catalog retail cannot be used: 'spark.sql.catalog.retail.profile' is missing. Set it to the profile file"
                  + " that the provider sent.");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          bearerToken     | s3cret | exclude each other
          endpoint        | s3cret | exclude each other
          versionAsOf     | 3      | VERSION AS OF
          timestampAsOf   | 2024   | VERSION AS OF
          readChangeFeed  | true   | <table>.changes
          startingVersion | 1      | <table>.changes
          path            | x#a.b.c | 'spark.sql.catalog.retail.profile'
          numRetries      | -1     | it must be integer
          timeout         | soon   | it must be duration
          """)
  void whatACatalogCannotHaveIsRefusedByItsKey(String option, String value, String said) {
    assertThatThrownBy(() -> conf(Map.of("profile", "config.share", option, value)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("spark.sql.catalog.retail." + option)
        .hasMessageContaining(said)
        .hasMessageNotContaining("s3cret");
  }

  @Test
  void aCredentialAloneWillDo() {
    CatalogConf conf = conf(Map.of("bearerToken", "s3cret", "ENDPOINT", "https://x"));
    assertThat(conf.loader(conf.read(Map.of()))).isNotNull();
    assertThat(conf.read(Map.of()).credential().isEmpty()).isTrue();
  }

  @Test
  void aMisspelledFieldOfACredentialIsNamedWithoutItsValue() {
    assertThatThrownBy(() -> conf(Map.of("endpoint", "https://x", "baererToken", "s3cret")))
        .hasMessageContaining("spark.sql.catalog.retail.baererToken")
        .hasMessageContaining("spark.sql.catalog.retail.bearerToken")
        .hasMessageNotContaining("s3cret");
  }

  @Test
  void aCredentialAndAClassOfProfilesExcludeEachOther() {
    CatalogConf conf =
        conf(
            Map.of(
                "bearerToken", "s3cret", "endpoint", "https://x", "profile.provider.class", "C"));
    assertThatThrownBy(() -> conf.loader(conf.read(Map.of())))
        .hasMessageContaining("spark.sql.catalog.retail.endpoint")
        .hasMessageContaining("'profile.provider.class'")
        .hasMessageNotContaining("s3cret");
  }

  @Test
  void anUnknownOptionWarnsOnceWithTheNearest() {
    try (LogCapture log = LogCapture.of(CatalogConf.class, Level.WARN)) {
      CatalogConf conf =
          conf(
              Map.of(
                  "profile", "x",
                  "numRetrys", "3",
                  "shares", "a",
                  "refuseMisspelledOptions", "false"));
      conf.read(Map.of());
      conf.read(Map.of());
      assertThat(log.lines())
          .hasSize(2)
          .anyMatch(
              line ->
                  line.contains("spark.sql.catalog.retail.numRetrys")
                      && line.contains("spark.sql.catalog.retail.numRetries"))
          .anyMatch(line -> line.contains("'spark.sql.catalog.retail.share'"));
    }
  }

  @Test
  void aMisspelledOptionIsRefused() {
    assertThatThrownBy(() -> conf(Map.of("profile", "x", "shares", "a")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'spark.sql.catalog.retail.shares'")
        .hasMessageContaining("'spark.sql.catalog.retail.share' that is meant");
  }
}
