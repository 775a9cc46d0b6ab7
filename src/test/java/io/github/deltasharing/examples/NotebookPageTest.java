/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The page of the notebook has the notebook's texts and code; what the code prints and draws is
 * compared by {@code NotebookIT}, which executes it.
 */
@Tag("unit")
class NotebookPageTest {
  private static final int LARGEST_PICTURE = 100_000;

  @Test
  void thePageHasTheCellsOfTheNotebookAndNoOthers() throws IOException {
    String page = Files.readString(Notebook.PAGE);
    List<Notebook.Cell> cells = Notebook.read(Notebook.RETAIL).cells();
    assertThat(cells).hasSizeGreaterThan(20);
    assertThat(page)
        .as("to be written by the command in its first lines")
        .containsSubsequence(
            cells.stream()
                .map(cell -> cell.code() ? Notebook.codeBlock(cell) : cell.source())
                .toList());
    assertThat(page.split("```python\n", -1))
        .hasSize(1 + (int) cells.stream().filter(Notebook.Cell::code).count());
  }

  @Test
  void thePicturesAreThereAndSmall() throws IOException {
    TreeSet<String> shown = new TreeSet<>();
    Pattern.compile("\\]\\(images/([^)]+)\\)")
        .matcher(Files.readString(Notebook.PAGE))
        .results()
        .forEach(match -> shown.add(match.group(1)));
    TreeSet<String> there = new TreeSet<>();
    try (Stream<Path> files = Files.list(Notebook.PICTURES)) {
      for (Path file : files.toList()) {
        if (file.getFileName().toString().startsWith(Notebook.PICTURE)) {
          there.add(file.getFileName().toString());
          assertThat(Files.size(file)).as(file.toString()).isLessThan(LARGEST_PICTURE);
        }
      }
    }
    assertThat(there).isNotEmpty().isEqualTo(shown);
  }

  /** What an execution leaves may hold names of the one who ran it. */
  @Test
  void theNotebookIsKeptWithoutOutputs() throws IOException {
    assertThat(Notebook.read(Notebook.RETAIL).cells())
        .allSatisfy(cell -> assertThat(cell.outputs()).as(cell.id()).isEmpty());
    assertThat(Files.readString(Notebook.RETAIL))
        .doesNotContainPattern("\"execution_count\": [0-9]");
  }

  @Test
  void itIsExecutedWithTheVersionsThatItsRequirementsName() throws IOException {
    Path python = Path.of("src", "test", "python");
    String executed =
        Files.readString(python.resolve("requirements-spark-3.5.txt"))
            + Files.readString(python.resolve("requirements-notebook.txt"));
    List<String> named =
        Files.readAllLines(Notebook.RETAIL.resolveSibling("requirements.txt")).stream()
            .filter(line -> line.contains("=="))
            // Shows notebooks, executes none.
            .filter(line -> !line.startsWith("jupyterlab=="))
            .toList();
    assertThat(named).hasSizeGreaterThan(4);
    assertThat(executed.lines().toList()).containsAll(named);
  }
}
