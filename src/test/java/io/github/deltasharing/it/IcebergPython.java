/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.deltasharing.testing.PythonEnvironment;
import io.github.deltasharing.testing.TestSpark;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;

/**
 * Delta Sharing's own client in Python, whose delta format goes through Delta Kernel in Rust, on
 * shared tables. Stateless.
 */
final class IcebergPython {
  private IcebergPython() {}

  /**
   * Reads the columns id and name of tables as it does, and as this connector does.
   *
   * @param log where the client's errors come
   * @param names of the tables, which are in {@code share.schema}
   */
  static void assertReadsTheSame(Path log, Path profile, String format, List<String> names)
      throws Exception {
    PythonEnvironment python = PythonEnvironment.over(PythonEnvironment.of("spark-3.5"), "clients");
    List<String> command = new ArrayList<>();
    command.add(python.python().toString());
    command.addAll(List.of("src/test/python/iceberg_tables.py", profile.toString(), format));
    command.addAll(names);
    Process process = new ProcessBuilder(command).redirectError(log.toFile()).start();
    JsonNode found = new ObjectMapper().readTree(process.getInputStream().readAllBytes());
    int exit = process.waitFor();
    assertThat(exit).as(Files.readString(log)).isZero();
    for (String table : names) {
      List<String> expected = new ArrayList<>();
      for (Row row :
          TestSpark.session()
              .read()
              .format("deltaSharing")
              .load(profile + "#share.schema." + table)
              .select("id", "name")
              .collectAsList()) {
        String name = row.isNullAt(1) ? "null" : "\"" + row.getString(1) + "\"";
        expected.add("[" + row.getInt(0) + "," + name + "]");
      }
      List<String> rows = new ArrayList<>();
      found.path(table).forEach(row -> rows.add(row.toString()));
      assertThat(rows)
          .as(found.path(table).toString())
          .containsExactlyInAnyOrderElementsOf(expected);
    }
  }
}
