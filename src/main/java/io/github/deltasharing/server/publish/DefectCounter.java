/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.publish;

import io.github.deltasharing.server.publish.csv.CsvDefect;
import io.github.deltasharing.server.publish.csv.CsvRow;
import io.github.deltasharing.server.publish.csv.CsvSurvey;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Counts lines that do not fit, and keeps what is wrong with the first. Not thread-safe. */
final class DefectCounter implements Consumer<CsvRow> {
  private final List<CsvDefect> first = new ArrayList<>();
  private long count;

  @Override
  public void accept(CsvRow row) {
    count++;
    if (first.size() < CsvSurvey.MOST_DEFECTS) {
      first.add(new CsvDefect(row.line(), row.defect()));
    }
  }

  List<CsvDefect> first() {
    return first;
  }

  long count() {
    return count;
  }
}
