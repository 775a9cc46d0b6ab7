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
 * sent, and costs next to nothing: one line of 1 KiB of URL and statistics of three columns, in
 * which each file's number is put.
 */
final class FileListServer implements AutoCloseable {
  static final String TOKEN = "benchmark";

  private static final String NUMBER = "########";
  private static final String HEAD =
      """
      {"protocol":{"deltaProtocol":{"minReaderVersion":1,"minWriterVersion":2}}}
      {"metaData":{"version":1,"deltaMetadata":{"id":"m","format":{"provider":"parquet"},"schemaString":"{}","partitionColumns":["p"],"configuration":{}}}}
      """;

  private final int files;
  private final byte[] line;
  private final int[] numbersAt;
  private final HttpServer http;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  FileListServer(int files) throws IOException {
    this.files = files;
    String template = template();
    this.line = template.getBytes(StandardCharsets.ISO_8859_1);
    this.numbersAt = new int[] {template.indexOf(NUMBER), template.lastIndexOf(NUMBER)};
    this.http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    http.setExecutor(threads);
    http.createContext("/", this::answer);
    http.start();
  }

  private static String template() {
    String url =
        "https://bucket.s3.example.org/warehouse/sales/part-"
            + NUMBER
            + "-8d1f8f3e.snappy.parquet?X-Amz-Signature=";
    String stats =
        "{\\\"numRecords\\\":123456,\\\"minValues\\\":{\\\"id\\\":1,\\\"day\\\":\\\"2024-01-01\\\",\\\"name\\\":\\\"aaa\\\"},"
            + "\\\"maxValues\\\":{\\\"id\\\":99999,\\\"day\\\":\\\"2024-12-31\\\",\\\"name\\\":\\\"zzz\\\"},"
            + "\\\"nullCount\\\":{\\\"id\\\":0,\\\"day\\\":0,\\\"name\\\":5}}";
    return "{\"file\":{\"id\":\"id-"
        + NUMBER
        + "\",\"deltaSingleAction\":{\"add\":{\"path\":\""
        + url
        + "0123456789abcdef".repeat(64).substring(0, 1024 - url.length())
        + "\",\"partitionValues\":{\"p\":\"2024-01-01\"},\"size\":134217728,\"modificationTime\":1700000000000,"
        + "\"dataChange\":true,\"stats\":\""
        + stats
        + "\"}}}}\n";
  }

  /** Bytes of a whole answer. */
  long answerBytes() {
    return HEAD.length() + (long) files * line.length;
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
      out.write(HEAD.getBytes(StandardCharsets.ISO_8859_1));
      int batch = 40;
      byte[] lines = new byte[batch * line.length];
      for (int i = 0; i < batch; i++) {
        System.arraycopy(line, 0, lines, i * line.length, line.length);
      }
      for (int from = 0; from < files; from += batch) {
        int count = Math.min(batch, files - from);
        for (int i = 0; i < count; i++) {
          number(lines, i * line.length, from + i);
        }
        out.write(lines, 0, count * line.length);
      }
    }
  }

  private void number(byte[] lines, int start, int file) {
    for (int at : numbersAt) {
      int rest = file;
      for (int digit = NUMBER.length() - 1; digit >= 0; digit--) {
        lines[start + at + digit] = (byte) ('0' + rest % 10);
        rest /= 10;
      }
    }
  }

  @Override
  public void close() {
    http.stop(0);
    threads.shutdownNow();
  }
}
