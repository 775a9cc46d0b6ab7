/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class DeletedRowsTest {
  @Test
  void whatIsWrittenIsReadAgain() {
    Random random = new Random(1);
    Set<Long> positions = new TreeSet<>(Set.of(0L, (1L << 31), (1L << 32) - 1, 5L << 32));
    for (int i = 0; i < 10_000; i++) {
      positions.add((long) random.nextInt(100_000));
    }
    DeletedRows some = new DeletedRows();
    DeletedRows others = new DeletedRows();
    positions.forEach(position -> (random.nextBoolean() ? some : others).add(position));
    others.trim();
    some.addAll(others);
    some.addAll(others);

    assertThat(some.cardinality()).isEqualTo(positions.size());
    assertThat(some.last()).isEqualTo(5L << 32);
    DeletionVector read =
        DeletionVector.ofInline(some.inline(), (int) some.sizeInBytes(), some.cardinality());
    for (long row = 0; row < 110_000; row++) {
      assertThat(read.isDeleted(row)).isEqualTo(positions.contains(row));
    }
    assertThat(read.isDeleted(1L << 31)).isTrue();
    assertThat(read.isDeleted((1L << 32) - 1)).isTrue();
    assertThat(read.isDeleted(5L << 32)).isTrue();
  }

  @Test
  void rowsThatNoFileHasAreRefused() {
    assertThatThrownBy(() -> new DeletedRows().add(-1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new DeletedRows().add(1L << 44))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(new DeletedRows().isEmpty()).isTrue();
    assertThat(new DeletedRows().last()).isEqualTo(-1);
  }
}
