/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.benchmarks;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.deltasharing.testing.TestShare;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A sharing server with one table of very many files that do not exist. Its answer is made as it is
 * sent, never held as a whole.
 */
final class FileListServer implements AutoCloseable {
  static final String TOKEN = "benchmark";

  private final int files;
  private final String store;
  private final HttpServer http;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  /**
   * @param store as for {@link FileLines}
   */
  FileListServer(int files, String store) throws IOException {
    this.files = files;
    this.store = store;
    this.http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    http.setExecutor(threads);
    http.createContext("/", this::answer);
    http.start();
  }

  /** Bytes of a whole answer. */
  long answerBytes() {
    return FileLines.HEAD.length() + (long) files * new FileLines(store).length();
  }

  String endpoint() {
    return "http://127.0.0.1:" + http.getAddress().getPort();
  }

  /** Writes a profile for this server. */
  Path profile(Path directory) throws IOException {
    Path file = Files.createDirectories(directory).resolve("file-list.share");
    TestShare.writeProfile(file, endpoint(), TOKEN);
    return file;
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      exchange.getResponseHeaders().set("Delta-Table-Version", "1");
      exchange.getResponseHeaders().set("Delta-Sharing-Capabilities", "responseformat=delta");
      exchange.sendResponseHeaders(200, 0);
      OutputStream out = exchange.getResponseBody();
      out.write(FileLines.HEAD.getBytes(StandardCharsets.ISO_8859_1));
      if (!exchange.getRequestURI().getPath().endsWith("/metadata")) {
        write(out, new FileLines(store, exchange.getRequestURI().getPath().endsWith("/changes")));
      }
    }
  }

  private void write(OutputStream out, FileLines lines) throws IOException {
    int batch = 40;
    byte[] bytes = new byte[batch * lines.length()];
    for (int from = 0; from < files; from += batch) {
      int count = Math.min(batch, files - from);
      for (int i = 0; i < count; i++) {
        lines.write(from + i, bytes, i * lines.length());
      }
      out.write(bytes, 0, count * lines.length());
    }
  }

  @Override
  public void close() {
    http.stop(0);
    threads.shutdownNow();
  }
}
