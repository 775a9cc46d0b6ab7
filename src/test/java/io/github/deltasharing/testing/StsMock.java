/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * AWS's STS, IAM and S3 by the Python package {@code moto}, in a process of its own, with a user
 * who may assume a role and two tables' directories in a bucket. Refuses policies that IAM would
 * not take. Skips where no Python or no package index is to be had. Used by one thread.
 */
public final class StsMock implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int WAIT_SECONDS = 60;

  private final Process process;
  private final BufferedReader out;
  private final JsonNode place;

  private StsMock(Process process) throws IOException {
    this.process = process;
    this.out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    this.place = JSON.readTree(line());
  }

  public static StsMock start() throws IOException, InterruptedException {
    Path script = Path.of("src", "test", "python", "sts_mock.py").toAbsolutePath();
    Process process =
        new ProcessBuilder(PythonEnvironment.of("moto").python().toString(), script.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      return new StsMock(process);
    } catch (IOException | RuntimeException e) {
      process.destroyForcibly();
      throw e;
    }
  }

  public String endpoint() {
    return place.path("endpoint").asText();
  }

  /** Holds {@code sales/orders} and {@code sales/orders-2}. */
  public String bucket() {
    return place.path("bucket").asText();
  }

  public String role() {
    return place.path("role").asText();
  }

  public String accessKeyId() {
    return place.path("accessKeyId").asText();
  }

  public String secretAccessKey() {
    return place.path("secretAccessKey").asText();
  }

  /** Whether the policy of the session that was assumed last permits something, by moto. */
  public boolean permits(String action, String resource) throws IOException {
    return ask(Map.of("action", action, "resource", resource)).equals("PERMITTED");
  }

  /** From now on S3 checks signatures and permissions, and STS is of no use. */
  public void check() throws IOException {
    ask(Map.of("check", true));
  }

  private String ask(Map<String, Object> question) throws IOException {
    process
        .getOutputStream()
        .write((JSON.writeValueAsString(question) + "\n").getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().flush();
    return line();
  }

  private String line() throws IOException {
    CompletableFuture<String> line =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return out.readLine();
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    try {
      String said = line.get(WAIT_SECONDS, TimeUnit.SECONDS);
      if (said == null) {
        throw new IOException("the mock has ended");
      }
      return said;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("the mock says nothing", e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
