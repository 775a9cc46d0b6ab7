/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.iceberg;

import java.util.HashMap;
import java.util.Map;
import org.apache.iceberg.BaseFileScanTask;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.PartitionSpecParser;
import org.apache.iceberg.SchemaParser;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.expressions.ResidualEvaluator;

/** Data files without deletes as Iceberg's plans have them. Used by one thread. */
final class FileTasks {
  private static final DeleteFile[] NO_DELETES = {};
  private static final ResidualEvaluator NO_FILTER =
      ResidualEvaluator.unpartitioned(Expressions.alwaysTrue());

  private final Map<Integer, PartitionSpec> specs;
  private final Map<Integer, String> schemas = new HashMap<>();
  private final Map<Integer, String> texts = new HashMap<>();

  /**
   * @param specs of the table, by their ids
   */
  FileTasks(Map<Integer, PartitionSpec> specs) {
    this.specs = specs;
  }

  FileScanTask of(DataFile file) {
    int id = file.specId();
    return new BaseFileScanTask(
        file,
        NO_DELETES,
        schemas.computeIfAbsent(id, any -> SchemaParser.toJson(specs.get(id).schema())),
        texts.computeIfAbsent(id, any -> PartitionSpecParser.toJson(specs.get(id))),
        NO_FILTER);
  }
}
