/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.changes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.deltasharing.error.SharingException;
import io.github.deltasharing.listing.UrlLifetime;
import io.github.deltasharing.protocol.AddFile;
import io.github.deltasharing.protocol.ChangeFile;
import io.github.deltasharing.protocol.ChangeFile.Kind;
import io.github.deltasharing.protocol.DeletionVectorDescriptor;
import io.github.deltasharing.read.FileScanTask;
import io.github.deltasharing.read.PartitionColumns;
import io.github.deltasharing.testing.Serialised;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Which splits hold the rows that commits changed. */
@Tag("unit")
class ChangeScanTasksTest {
  private static final DeletionVectorDescriptor OLD =
      new DeletionVectorDescriptor("u", "https://store/old?sig=canary", 1, 34, 1);
  private static final DeletionVectorDescriptor NEW =
      new DeletionVectorDescriptor("u", "https://store/new?sig=canary", 1, 36, 2);

  private final ChangeScanTasks splits =
      new ChangeScanTasks(
          "s.s.t",
          PartitionColumns.of(new StructType().add("p", "string"), List.of("p")),
          new UrlLifetime(0, Duration.ofHours(1), null));

  private static ChangeFile file(
      Kind kind, String id, long version, DeletionVectorDescriptor deletions) {
    return file(kind, id, version, deletions, 9, true);
  }

  private static ChangeFile file(
      Kind kind,
      String id,
      long version,
      DeletionVectorDescriptor deletions,
      long size,
      boolean dataChange) {
    AddFile file =
        new AddFile(
            "https://store/" + id + "?sig=canary",
            id,
            size,
            Map.of("p", "v-" + id),
            null,
            version,
            1_000 * version,
            null,
            deletions);
    return new ChangeFile(kind, file, dataChange);
  }

  private List<String> plan(ChangeFile... changes) {
    return splits.plan(List.of(changes)).stream().map(ChangeScanTasksTest::text).toList();
  }

  private static String text(FileScanTask split) {
    return split.file().key() + " " + split.change() + " " + split.partitionValues()[0];
  }

  private static ChangeFile withValues(Kind kind, Map<String, String> values) {
    AddFile file = new AddFile("https://store/x", "x", 9, values, null, 3L, 3_000L, null, null);
    return new ChangeFile(kind, file, true);
  }

  @Test
  void aRemovedFileMayLackANullPartitionValue() {
    // Delta Lake writes them so; an added file has all of them.
    assertThat(plan(withValues(Kind.REMOVE, Map.of())))
        .containsExactly("3/REMOVE/x RowChange[delete, version 3] null");
    for (ChangeFile file :
        List.of(
            withValues(Kind.ADD, Map.of()),
            withValues(Kind.CDC, Map.of()),
            withValues(Kind.ADD, Map.of("\u212a", "no other case of p")))) {
      assertThatThrownBy(() -> plan(file))
          .isInstanceOf(SharingException.class)
          .hasMessageContaining("file x has no partition value for column p");
    }
  }

  @Test
  void addedRowsAreInsertedAndRemovedOnesDeleted() {
    assertThat(plan(file(Kind.REMOVE, "b", 4, OLD), file(Kind.ADD, "a", 3, null)))
        .containsExactly(
            "3/ADD/a RowChange[insert, version 3] v-a",
            "4/REMOVE/b RowChange[delete, version 4] v-b");
  }

  @Test
  void filesOfChangedRowsTellAllOfTheirCommit() {
    assertThat(
            plan(
                file(Kind.ADD, "a", 3, null),
                file(Kind.REMOVE, "b", 3, null),
                file(Kind.CDC, "c", 3, null),
                file(Kind.ADD, "d", 4, null)))
        .containsExactly(
            "3/CDC/c RowChange[of several types, version 3] v-c",
            "4/ADD/d RowChange[insert, version 4] v-d");
  }

  @Test
  void filesWithoutAChangeOfDataHoldNone() {
    assertThat(
            plan(file(Kind.ADD, "a", 3, null, 9, false), file(Kind.REMOVE, "b", 3, null, 0, false)))
        .isEmpty();
  }

  @Test
  void aFileWithAnotherVectorGivesWhatTheVectorsDifferIn() {
    String deleted = "3/ADD/a RowChange[delete, version 3] v-a";
    String inserted = "3/ADD/a RowChange[insert, version 3] v-a";
    ChangeFile without = file(Kind.ADD, "a", 3, null);
    assertThat(plan(file(Kind.ADD, "a", 3, NEW), file(Kind.REMOVE, "a", 3, null)))
        .containsExactly(deleted);
    assertThat(plan(without, file(Kind.REMOVE, "a", 3, OLD))).containsExactly(inserted);
    assertThat(plan(file(Kind.ADD, "a", 3, NEW), file(Kind.REMOVE, "a", 3, OLD)))
        .containsExactly(deleted, inserted);
    assertThat(plan(without, file(Kind.REMOVE, "a", 3, null))).isEmpty();
    // Commits are not mixed.
    assertThat(plan(without, file(Kind.REMOVE, "a", 4, null))).hasSize(2);
  }

  @Test
  void aReplacedFilesSizeNeedNotBeNotedTwice() {
    assertThat(plan(file(Kind.ADD, "a", 3, NEW), file(Kind.REMOVE, "a", 3, OLD, 0, true)))
        .hasSize(2);
    assertThatThrownBy(() -> plan(file(Kind.REMOVE, "a", 3, OLD, 0, true)))
        .isInstanceOf(SharingException.class)
        .hasMessageContaining("s.s.t")
        .hasMessageContaining("file a of version 3");
  }

  @Test
  void whatIsNotWantedIsLeftOutAfterTheCommitWasUnderstood() {
    List<ChangeFile> commit = List.of(file(Kind.ADD, "a", 3, null), file(Kind.CDC, "c", 3, null));
    assertThat(splits.plan(commit, facts -> !facts.partitionValues().get("p").equals("v-c")))
        .isEmpty();
  }

  @Test
  void aSnapshotsRowsAreInserted() {
    AddFile file = file(Kind.ADD, "a", 3, OLD).file();
    assertThat(splits.inserts(List.of(file), 7, 5).stream().map(ChangeScanTasksTest::text))
        .containsExactly("a RowChange[insert, version 7] v-a");
  }

  @Test
  void slicesTravelAndTellNoSecret() {
    List<FileScanTask> planned =
        splits.plan(List.of(file(Kind.ADD, "a", 3, NEW), file(Kind.REMOVE, "a", 3, OLD)));
    for (FileScanTask split : planned) {
      assertThat(text(Serialised.byJava(split))).isEqualTo(text(split));
      assertThat(text(Serialised.byKryo(split))).isEqualTo(text(split));
      assertThat(split.toString()).doesNotContain("canary");
    }
  }
}
