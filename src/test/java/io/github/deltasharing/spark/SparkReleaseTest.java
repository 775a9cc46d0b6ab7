/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("unit")
class SparkReleaseTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "3.5.0",
        "3.5.4-amzn-0",
        "3.5.1.5.20250101",
        "3.10.0",
        "4.0.0",
        "4.2.0-preview1",
        "10.0",
        "local"
      })
  void takes(String version) {
    SparkRelease.requireSupported(version);
  }

  @ParameterizedTest
  @ValueSource(strings = {"3.4.4", "3.3.4", "3.4.1-amzn-2", "3.4.1.dp1", "2.4.8", "3.0"})
  void refuses(String version) {
    assertThatThrownBy(() -> SparkRelease.requireSupported(version))
        .isInstanceOf(UnsupportedOperationException.class)
        .satisfies(
            e ->
                assertThat(e)
                    .hasMessageContaining("Spark " + version + ":")
                    .hasMessageContaining("3.5.0"));
  }
}
