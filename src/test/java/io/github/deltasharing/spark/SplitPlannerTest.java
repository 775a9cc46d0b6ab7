/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.deltasharing.read.FileScanTask;
import io.github.deltasharing.read.SharingInputPartition;
import io.github.deltasharing.storage.SharedFile;
import io.github.deltasharing.storage.SignedUrl;
import io.github.deltasharing.testing.TestSpark;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class SplitPlannerTest {
  private static FileScanTask file(String id, long size) {
    return new FileScanTask(
        new SharedFile("s.s.t", id, new SignedUrl("http://localhost/" + id), size),
        0,
        size,
        new String[0],
        null);
  }

  private static List<FileScanTask> splits(List<SharingInputPartition> partitions) {
    return partitions.stream().flatMap(p -> p.splits().stream()).toList();
  }

  @Test
  void noFilesMakeNoPartitions() {
    assertThat(new SplitPlanner(100, 10, 10, 4).plan(List.of())).isEmpty();
  }

  @Test
  void aLargeFileIsCutAndSmallOnesArePacked() {
    List<FileScanTask> files = new ArrayList<>(List.of(file("large", 1000)));
    for (int i = 0; i < 20; i++) {
      files.add(file("small" + i, 10));
    }
    List<SharingInputPartition> partitions = new SplitPlanner(300, 0, 0, 1).plan(files);
    assertThat(partitions).hasSize(4);
    assertThat(splits(partitions).stream().map(FileScanTask::length).max(Comparator.naturalOrder()))
        .contains(300L);
  }

  @Test
  void openCostKeepsManyTinyFilesFromOnePartition() {
    List<FileScanTask> files = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      files.add(file("f" + i, 1));
    }
    assertThat(new SplitPlanner(100, 9, 9, 1).plan(files)).hasSize(10);
  }

  @Test
  void theSessionsOpenCostCountsWhereItIsSet() {
    List<FileScanTask> files = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      files.add(file("f" + i, 1));
    }
    SparkSession spark = TestSpark.session();
    int ours = SplitPlanner.of(spark).plan(files).size();
    spark.conf().set("spark.sql.files.openCostInBytes", "4m");
    try {
      assertThat(SplitPlanner.of(spark).plan(files)).hasSizeGreaterThan(3 * ours);
    } finally {
      spark.conf().unset("spark.sql.files.openCostInBytes");
    }
  }

  @Test
  void aSmallTableIsSpreadOverAllCores() {
    assertThat(new SplitPlanner(1 << 20, 10, 10, 8).plan(List.of(file("one", 8000))))
        .hasSizeBetween(8, 9);
  }

  @RepeatedTest(50)
  void everyByteOfEveryFileIsInExactlyOnePartition(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    List<FileScanTask> files = new ArrayList<>();
    for (int i = 0; i < random.nextInt(40); i++) {
      files.add(file("f" + i, random.nextInt(5000)));
    }
    SplitPlanner planner =
        new SplitPlanner(
            1 + random.nextInt(2000),
            random.nextInt(200),
            random.nextInt(200),
            1 + random.nextInt(9));
    Map<String, List<FileScanTask>> byFile =
        splits(planner.plan(files)).stream()
            .collect(Collectors.groupingBy(split -> split.file().id()));
    for (FileScanTask file : files) {
      List<FileScanTask> parts = new ArrayList<>(byFile.getOrDefault(file.file().id(), List.of()));
      parts.sort(Comparator.comparingLong(FileScanTask::start));
      long at = 0;
      for (FileScanTask part : parts) {
        assertThat(part.start()).isEqualTo(at);
        assertThat(part.length()).isPositive();
        at += part.length();
      }
      assertThat(at).isEqualTo(file.length());
    }
  }
}
