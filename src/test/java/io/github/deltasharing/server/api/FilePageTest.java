/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.deltasharing.source.StoredVector;
import io.github.deltasharing.source.TableFile;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Which files are on a page. */
@Tag("unit")
class FilePageTest {
  @Test
  void limitCountsLiveRowsOnly() {
    FilePage page = new FilePage(Optional.empty(), 9, OptionalLong.of(7));
    page.offer(file("a", 10, Optional.of(new FourRows())));
    page.offer(file("b", 1, Optional.empty()));
    assertThat(page.files()).hasSize(2);
  }

  private static TableFile file(String path, int rows, Optional<StoredVector> vector) {
    Optional<String> stats = Optional.of("{\"numRecords\":" + rows + "}");
    return new TableFile(path, Map.of(), 1, 1, true, stats, vector);
  }

  private record FourRows() implements StoredVector {
    @Override
    public Optional<String> file() {
      return Optional.of("x");
    }

    @Override
    public String inline() {
      return "";
    }

    @Override
    public OptionalInt offset() {
      return OptionalInt.empty();
    }

    @Override
    public int sizeInBytes() {
      return 1;
    }

    @Override
    public long cardinality() {
      return 4;
    }
  }
}
