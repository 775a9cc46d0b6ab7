/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.deltasharing.error.SharingException;
import io.github.deltasharing.protocol.ResponseFormat;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("unit")
class SharingOffsetTest {
  private static SharingOffset read(String json) {
    return SharingOffset.fromJson("s.s.t", json);
  }

  @Test
  void atAVersionsStartItIsWhatUpstreamWrites() {
    SharingOffset offset =
        SharingOffset.of("id", StreamPosition.ofCommit(7), FileOrder.DELTA_IDS, null);
    assertThat(offset.json())
        .isEqualTo(
            "{\"sourceVersion\":1,\"tableId\":\"id\",\"tableVersion\":7,\"index\":-1,\"isStartingVersion\":false}");
  }

  @Test
  void comesBackFromItsJson() {
    StreamPosition origin = StreamPosition.ofSnapshot(3);
    for (FileOrder order : FileOrder.values()) {
      for (StreamPosition position :
          new StreamPosition[] {
            StreamPosition.ofCommit(0),
            new StreamPosition(5, 2, false),
            new StreamPosition(3, 9, true)
          }) {
        SharingOffset offset = SharingOffset.of("id", position, order, origin);
        SharingOffset back = read(offset.json());
        assertThat(back).isEqualTo(offset);
        assertThat(back.position()).isEqualTo(position);
        assertThat(back.order()).isEqualTo(position.isStart() ? null : order);
        assertThat(back.origin()).isEqualTo(origin);
        assertThat(back.tableId()).isEqualTo("id");
      }
    }
  }

  @Test
  void whatUpstreamWouldCountOtherwiseItIsMadeToRefuse() {
    StreamPosition within = new StreamPosition(5, 2, false);
    assertThat(SharingOffset.of("id", within, FileOrder.DELTA_IDS, null).json())
        .contains("\"sourceVersion\":2");
    assertThat(SharingOffset.of("id", within, FileOrder.PARQUET_IDS, null).json())
        .contains("\"sourceVersion\":1");
  }

  @Test
  void theInitialOneComesBackToo() {
    assertThat(read(SharingOffset.initial().json()).isInitial()).isTrue();
  }

  @Test
  void readsUpstreamsOffsetOfTheParquetDialect() {
    SharingOffset offset =
        read(
            "{\"sourceVersion\":1,\"tableId\":\"t\",\"tableVersion\":4,\"index\":2,\"isStartingVersion\":true}");
    assertThat(offset.position()).isEqualTo(new StreamPosition(4, 2, true));
    assertThat(offset.order()).isEqualTo(FileOrder.PARQUET_IDS);
    assertThat(offset.format()).isEqualTo(ResponseFormat.PARQUET);
    assertThat(offset.origin()).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "1, -1, false, -1, ",
    "1, 6, false, 6, DELTA_IDS",
    "1, 6, true, 6, DELTA_TIMES",
    "3, -20, false, -1, ",
    "3, -100, false, -1, "
  })
  void readsUpstreamsOffsetOfTheDeltaDialect(
      int sourceVersion, long index, boolean snapshot, long read, FileOrder order) {
    String json =
        "{\"sourceVersion\":%d,\"reservoirId\":\"t\",\"reservoirVersion\":9,\"index\":%d,\"isStartingVersion\":%s}"
            .formatted(sourceVersion, index, snapshot);
    SharingOffset offset = read(json);
    assertThat(offset.position()).isEqualTo(new StreamPosition(9, read, snapshot));
    assertThat(offset.order()).isEqualTo(order);
    assertThat(offset.tableId()).isEqualTo("t");
    // Spark compares texts: it is the same offset still.
    assertThat(offset.json()).isEqualTo(json);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "x | no JSON",
        "[] | 'sourceVersion' is no whole number",
        "{\"sourceVersion\":7,\"tableId\":\"t\",\"tableVersion\":1,\"index\":0,\"isStartingVersion\":true} | not 1 or 2",
        "{\"sourceVersion\":2,\"tableId\":\"t\",\"tableVersion\":1,\"index\":0,\"isStartingVersion\":true} | 'order' is none",
        "{\"sourceVersion\":1,\"tableVersion\":1,\"index\":0,\"isStartingVersion\":true} | no 'tableId'",
        "{\"sourceVersion\":1,\"tableId\":\"t\",\"tableVersion\":-1,\"index\":0,\"isStartingVersion\":true} | negative",
        "{\"sourceVersion\":1,\"tableId\":\"t\",\"tableVersion\":1,\"index\":0} | no boolean",
        "{\"sourceVersion\":1,\"tableId\":\"t\",\"tableVersion\":1,\"isStartingVersion\":true} | 'index' is no",
        "{\"sourceVersion\":2,\"reservoirId\":\"t\",\"reservoirVersion\":1,\"index\":0,\"isStartingVersion\":true} | not 1 or 3"
      })
  void refusesWhatItDoesNotKnow(String json, String reason) {
    assertThatThrownBy(() -> read(json))
        .isInstanceOf(SharingException.class)
        .hasMessageContaining("s.s.t")
        .hasMessageContaining(reason)
        .hasMessageContaining("checkpoint");
  }
}
