/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.deltasharing.examples.Notebook;
import io.github.deltasharing.testing.PythonEnvironment;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The notebook of the examples, executed as a recipient does: with a distribution of Spark, the
 * built connector jar, and a credential that is in the environment only.
 */
@Tag("nightly")
class NotebookIT {
  private static final Duration LONGEST = Duration.ofMinutes(8);
  private static final int WHITE = 0xFFFFFF;

  @TempDir static Path directory;
  static ServedRetail retail;
  static Path executed;
  static Notebook notebook;

  @BeforeAll
  static void execute() throws Exception {
    PythonEnvironment spark = PythonEnvironment.of("spark-3.5");
    PythonEnvironment environment = PythonEnvironment.of("notebook");
    retail = ServedRetail.in(directory);
    ProcessBuilder nbconvert =
        new ProcessBuilder(
            environment.python().toString(),
            "-m",
            "nbconvert",
            "--to",
            "notebook",
            "--execute",
            "--output",
            "executed",
            "--output-dir",
            directory.toString(),
            Notebook.RETAIL.toAbsolutePath().toString());
    nbconvert.directory(directory.toFile());
    nbconvert.environment().keySet().removeIf(NotebookIT::isOfThisBuild);
    nbconvert.environment().putAll(environment(spark));
    try (RunningProcess process =
        RunningProcess.start(nbconvert, directory.resolve("nbconvert.log"))) {
      assertThat(process.end(LONGEST)).as(process.output()).isZero();
      assertThat(process.output()).doesNotContain(retail.secrets());
    }
    executed = directory.resolve("executed.ipynb");
    notebook = Notebook.read(executed);
  }

  private static boolean isOfThisBuild(String variable) {
    return variable.matches("(SPARK|PYSPARK|JUPYTER|DELTA_SHARING)_.*");
  }

  private static Map<String, String> environment(PythonEnvironment spark) throws IOException {
    Map<String, String> environment = new HashMap<>();
    environment.put("DELTA_SHARING_CONFIG", Files.readString(retail.profile()));
    environment.put("DELTA_SHARING_JAR", System.getProperty("connector.jar"));
    environment.put("PYTHONPATH", spark.packageDirectory("pyspark").getParent().toString());
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    environment.put("SPARK_LOCAL_IP", "127.0.0.1");
    // What Jupyter and Matplotlib write beside.
    for (String home :
        List.of("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "MPLCONFIGDIR")) {
      environment.put(home, Files.createDirectories(directory.resolve(home)).toString());
    }
    return environment;
  }

  @AfterAll
  static void stop() {
    if (retail != null) {
      retail.close();
    }
  }

  @Test
  void noCellFailed() throws IOException {
    assertThat(notebook.cells())
        .hasSameSizeAs(Notebook.read(Notebook.RETAIL).cells())
        .allSatisfy(
            cell ->
                assertThat(cell.outputs())
                    .as(cell.id())
                    .allSatisfy(output -> assertThat(output.error()).isEmpty()));
  }

  @Test
  void listsWhatIsShared() {
    assertThat(notebook.cell("shares").text()).containsPattern("\\bretail\\b");
    assertThat(notebook.cell("schemas").text()).containsPattern("\\bretail\\.sales\\b");
    assertThat(notebook.cell("tables").text())
        .containsPattern("retail\\.sales +customers\\b")
        .containsPattern("retail\\.sales +orders\\b");
  }

  @Test
  void numbersAreThoseOfDeltaLake() {
    List<Row> segments = retail.bySegment("true");
    assertThat(segments).hasSize(3);
    for (Row row : segments) {
      assertThat(notebook.cell("segments").text())
          .containsPattern(
              "(?m)\\b%s +%d +%d +%s$"
                  .formatted(
                      row.getString(0),
                      row.getLong(1),
                      row.getLong(2),
                      row.getDecimal(3).toPlainString()));
    }
    assertThat(notebook.cell("joined").text())
        .isEqualTo(String.valueOf(segments.stream().mapToLong(row -> row.getLong(2)).sum()));
    Row all =
        retail
            .orders()
            .selectExpr(
                "string(count(*))",
                "string(round(avg(double(quantity * unit_price)), 2))",
                "string(max(quantity * unit_price))")
            .first();
    assertThat(notebook.cell("summary").text())
        .containsPattern("(?m)^count .* %s\\.00$".formatted(all.getString(0)))
        .containsPattern("(?m)^mean .* %s$".formatted(all.getString(1)))
        .containsPattern("(?m)^max .* %s$".formatted(all.getString(2)));
  }

  @Test
  void drawsAllItsPictures() throws IOException {
    assertThat(notebook.pictures().keySet())
        .containsExactly(
            "notebook-histogram.png",
            "notebook-boxes.png",
            "notebook-weeks.png",
            "notebook-top.png",
            "notebook-demographics.png",
            "notebook-revenue.png");
    for (Map.Entry<String, byte[]> picture : notebook.pictures().entrySet()) {
      BufferedImage image = ImageIO.read(new ByteArrayInputStream(picture.getValue()));
      assertThat(image.getWidth()).as(picture.getKey()).isBetween(600, 1600);
      assertThat(image.getHeight()).as(picture.getKey()).isBetween(300, 900);
      int[] pixels =
          image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
      long drawn = Arrays.stream(pixels).filter(p -> (p & WHITE) != WHITE).count();
      // Bars and boxes, not axes and titles alone: those are about a fiftieth.
      assertThat((double) drawn / pixels.length).as(picture.getKey()).isBetween(0.08, 0.8);
      assertThat(Arrays.stream(pixels).distinct().count()).as(picture.getKey()).isGreaterThan(50);
    }
  }

  @Test
  void noSecretIsInTheExecutedNotebook() throws IOException {
    assertThat(Files.readString(executed)).contains("revenue").doesNotContain(retail.secrets());
  }

  /** Pictures are not compared: they differ with the fonts of a machine. */
  @Test
  void thePageShowsThisExecution() throws IOException {
    if (Boolean.getBoolean("docs.write")) {
      Files.writeString(Notebook.PAGE, notebook.page());
      Files.createDirectories(Notebook.PICTURES);
      for (Map.Entry<String, byte[]> picture : notebook.pictures().entrySet()) {
        Files.write(Notebook.PICTURES.resolve(picture.getKey()), picture.getValue());
      }
    }
    assertThat(Notebook.PAGE)
        .as("to be written by the command in its first lines")
        .hasContent(notebook.page());
  }
}
