/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.it;

import io.github.deltasharing.conformance.RenderedRows;
import io.github.deltasharing.conformance.SharedRead;
import io.github.deltasharing.conformance.SharedStream;
import io.github.deltasharing.conformance.TableReads;
import io.github.deltasharing.testing.ChangeHistories;
import io.github.deltasharing.testing.OracleTables;
import io.github.deltasharing.testing.StreamRuns;
import io.github.deltasharing.testing.TestSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.streaming.StreamingQueryException;

/** Writes the suite's tables with Delta Lake, and keeps what Delta Lake reads of them. */
final class ConformanceTables {
  private final Path directory;
  private final Path expected;

  ConformanceTables(Path directory) throws IOException {
    this.directory = Files.createDirectories(directory.resolve("tables"));
    this.expected = Files.createDirectories(directory.resolve("expected"));
  }

  Path directory() {
    return directory;
  }

  /** Writes all, and returns the tables' names. */
  List<String> write() throws StreamingQueryException, IOException {
    new OracleTables(TestSpark.session(), directory).writeSmall();
    TableReads.HISTORIES.forEach(name -> ChangeHistories.copy(name, directory));
    List<String> names = new ArrayList<>(TableReads.TABLES);
    names.addAll(TableReads.HISTORIES);
    for (SharedRead read : TableReads.reads()) {
      Dataset<Row> delta =
          TestSpark.session()
              .read()
              .format("delta")
              .options(read.options())
              .load(directory.resolve(read.table()).toString());
      RenderedRows.of(read.of(delta)).write(expected.resolve(read.name()));
    }
    for (SharedStream stream : TableReads.streams()) {
      Dataset<Row> delta = StreamRuns.delta(directory.resolve(stream.table()), stream.options());
      List<String> rows =
          StreamRuns.availableNow(delta, Files.createTempDirectory(directory, "checkpoint")).rows();
      RenderedRows.of(delta.schema().catalogString(), rows).write(expected.resolve(stream.name()));
    }
    return names;
  }
}
