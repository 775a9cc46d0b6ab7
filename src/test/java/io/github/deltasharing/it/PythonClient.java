/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.it;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.deltasharing.testing.PythonEnvironment;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A recipient with Delta Sharing's own client in Python, in one process. Used by one thread; close
 * it after use.
 */
final class PythonClient implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Process process;
  private final Path log;
  private final Writer requests;
  private final BufferedReader answers;

  private PythonClient(Process process, Path log) {
    this.process = process;
    this.log = log;
    this.requests = process.outputWriter();
    this.answers = process.inputReader();
  }

  static PythonClient start(PythonEnvironment python, Path log) throws IOException {
    Path program = Path.of("src", "test", "python", "provider_client.py");
    PythonClient client =
        new PythonClient(
            new ProcessBuilder(python.python().toString(), program.toAbsolutePath().toString())
                .redirectError(log.toFile())
                .start(),
            log);
    if (!"ready".equals(client.answers.readLine())) {
      client.close();
      throw new IOException(Files.readString(log));
    }
    return client;
  }

  /**
   * The rows of a table, sorted, or the status alone that the server refused it with.
   *
   * @param table a profile and a table
   * @param delta whether to ask for the delta format
   */
  List<String> read(String table, boolean delta) throws IOException {
    requests.write(JSON.createObjectNode().put("table", table).put("delta", delta) + "\n");
    requests.flush();
    String line = answers.readLine();
    if (line == null) {
      throw new IOException(Files.readString(log));
    }
    JsonNode answer = JSON.readTree(line);
    if (answer.has("status")) {
      return List.of(answer.get("status").asText());
    }
    List<String> rows = new ArrayList<>();
    answer.get("rows").forEach(row -> rows.add(row.asText()));
    return rows;
  }

  @Override
  public void close() {
    process.destroy();
  }
}
