/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server;

import io.github.deltasharing.testing.TestSpark;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.delta.actions.Action;
import org.apache.spark.sql.delta.actions.AddCDCFile;
import org.apache.spark.sql.delta.actions.AddFile;
import org.apache.spark.sql.delta.actions.DeletionVectorDescriptor;
import org.apache.spark.sql.delta.actions.RemoveFile;
import scala.Tuple2;
import scala.collection.JavaConverters;
import scala.collection.Seq;

/** What Delta Lake itself reads in a table's log, one text a file, as tests compare it. */
final class LoggedActions {
  private LoggedActions() {}

  /** The files that a range of commits is to be answered with. */
  static List<String> expected(Path directory, long start, long end, boolean feed) {
    List<String> expected = new ArrayList<>();
    scala.collection.Iterator<Tuple2<Object, Seq<Action>>> commits =
        DeltaLog.forTable(TestSpark.session(), directory.toString()).getChanges(start, false);
    while (commits.hasNext()) {
      Tuple2<Object, Seq<Action>> commit = commits.next();
      long version = (Long) commit._1();
      List<Action> actions = JavaConverters.seqAsJavaList(commit._2());
      boolean changeFiles = feed && actions.stream().anyMatch(AddCDCFile.class::isInstance);
      for (Action action : version > end ? List.<Action>of() : actions) {
        if (changeFiles && action instanceof AddCDCFile cdc) {
          expected.add(text(version, "cdc", cdc.path(), cdc.size(), cdc.partitionValues(), null));
        } else if (!changeFiles && action instanceof AddFile add && add.dataChange()) {
          expected.add(
              text(
                  version,
                  "add",
                  add.path(),
                  add.size(),
                  add.partitionValues(),
                  add.deletionVector()));
        } else if (!changeFiles && action instanceof RemoveFile remove && remove.dataChange()) {
          expected.add(
              text(
                  version,
                  "remove",
                  remove.path(),
                  (Long) remove.size().get(),
                  remove.partitionValues(),
                  remove.deletionVector()));
        }
      }
    }
    return expected;
  }

  private static String text(
      long version,
      String kind,
      String path,
      long size,
      scala.collection.immutable.Map<String, String> partitionValues,
      DeletionVectorDescriptor vector) {
    return text(
        version,
        kind,
        URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8),
        size,
        new java.util.TreeMap<>(JavaConverters.mapAsJavaMap(partitionValues)).toString(),
        vector == null ? -1 : vector.cardinality());
  }

  static String text(
      long version, String kind, String path, long size, String partitionValues, long deleted) {
    return "%d %s %s %d %s %d".formatted(version, kind, path, size, partitionValues, deleted);
  }
}
