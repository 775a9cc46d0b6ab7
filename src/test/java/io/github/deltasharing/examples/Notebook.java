/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.examples;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * A Jupyter notebook, executed or not, and the page of docs that shows it.
 *
 * @param cells its cells in their order
 */
public record Notebook(List<Cell> cells) {
  /** The notebook of the examples. */
  public static final Path RETAIL = Path.of("connector-examples", "notebook", "retail.ipynb");

  /** The page that shows it executed. */
  public static final Path PAGE = Path.of("docs", "notebook.md");

  /** Where the page's pictures are, and how their names begin. */
  public static final Path PICTURES = Path.of("docs", "images");

  static final String PICTURE = "notebook-";

  private static final String INTRO =
      """
      <!-- Written by NotebookIT, which executes connector-examples/notebook/retail.ipynb: edit the notebook, then run
           mvn verify -Dtest=None -Dsurefire.failIfNoSpecifiedTests=false -Dit.test=NotebookIT -Pnightly -Ddocs.write=true -->

      """;

  /**
   * A cell.
   *
   * @param id its id in the file
   * @param code whether it is code, else Markdown
   * @param outputs of its last execution
   */
  public record Cell(String id, boolean code, String source, List<Output> outputs) {
    /** What its last value reads as, empty if that is a picture or nothing. */
    public String text() {
      return outputs.stream().map(Output::text).collect(Collectors.joining());
    }

    /** The pictures that it shows, each a PNG file's bytes. */
    public List<byte[]> pictures() {
      return outputs.stream()
          .filter(output -> !output.png.isEmpty())
          .map(output -> Base64.getMimeDecoder().decode(output.png))
          .toList();
    }
  }

  /**
   * An output, each part empty if it has none.
   *
   * @param text the value as text
   * @param png a picture in Base64
   * @param error name and text of an error
   */
  public record Output(String text, String png, String error) {}

  /** Reads a file in version 4 of the notebook format. */
  public static Notebook read(Path file) throws IOException {
    List<Cell> cells = new ArrayList<>();
    for (JsonNode cell : new ObjectMapper().readTree(file.toFile()).get("cells")) {
      cells.add(
          new Cell(
              cell.get("id").asText(),
              cell.get("cell_type").asText().equals("code"),
              text(cell.path("source")),
              StreamSupport.stream(cell.path("outputs").spliterator(), false)
                  .map(Notebook::output)
                  .toList()));
    }
    return new Notebook(List.copyOf(cells));
  }

  private static Output output(JsonNode output) {
    JsonNode data = output.path("data");
    String png = text(data.path("image/png"));
    boolean error = output.path("output_type").asText().equals("error");
    return new Output(
        png.isEmpty() ? text(data.path("text/plain")) : "",
        png,
        error ? output.path("ename").asText() + ": " + output.path("evalue").asText() : "");
  }

  /** The format has texts whole, or as lists of lines. */
  private static String text(JsonNode lines) {
    return lines.isArray()
        ? StreamSupport.stream(lines.spliterator(), false)
            .map(JsonNode::asText)
            .collect(Collectors.joining())
        : lines.asText("");
  }

  /** The cell with an id. */
  public Cell cell(String id) {
    return cells.stream().filter(cell -> cell.id.equals(id)).findFirst().orElseThrow();
  }

  /** Names of the page's pictures, and what is in them. */
  public Map<String, byte[]> pictures() {
    Map<String, byte[]> pictures = new LinkedHashMap<>();
    for (Cell cell : cells) {
      cell.pictures().forEach(picture -> pictures.put(PICTURE + cell.id + ".png", picture));
    }
    return pictures;
  }

  /** The page: texts, code, and what it printed and drew. */
  public String page() {
    StringBuilder page = new StringBuilder(INTRO);
    String heading = "";
    for (Cell cell : cells) {
      if (!cell.code) {
        page.append(cell.source).append("\n\n");
        heading = cell.source.lines().filter(line -> line.startsWith("#")).findFirst().orElse("");
        continue;
      }
      page.append(codeBlock(cell)).append('\n');
      if (!cell.text().isEmpty()) {
        String text =
            cell.text().lines().map(String::stripTrailing).collect(Collectors.joining("\n"));
        page.append("```text\n").append(text).append("\n```\n\n");
      }
      if (!cell.pictures().isEmpty()) {
        page.append(
            "![%s](images/%s%s.png)%n%n"
                .formatted(heading.replaceAll("^#+ ", ""), PICTURE, cell.id));
      }
    }
    return page.toString().stripTrailing() + "\n";
  }

  /** A cell's code as the page has it. */
  static String codeBlock(Cell cell) {
    return "```python\n" + cell.source + "\n```\n";
  }
}
