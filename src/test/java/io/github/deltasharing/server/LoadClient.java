/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * What one client does under load: requests of all kinds, by chance, each with the one response
 * that is right, or with that of a busy server. Tables are {@link HandWrittenTable}s. Used by one
 * thread.
 */
final class LoadClient {
  private static final int TIMEOUT_MILLIS = 120_000;
  private static final int RANGE = 4;
  private static final List<String> ODD_BODIES =
      List.of(
          "{",
          "[]",
          "\0",
          "{\"maxFiles\":\"many\"}",
          "{\"limitHint\":[]}",
          "{\"pageToken\":\"AAAA\"}",
          "{\"version\":1,\"timestamp\":\"2024-01-01T00:00:00Z\"}",
          "{\"predicateHints\":" + "[".repeat(2_000) + "}");

  private final String shares;
  private final String token;
  private final Map<String, Integer> tables;
  private final Random random;

  /** What it may do. */
  enum Kind {
    LIST,
    METADATA,
    VERSION,
    SELECTIVE,
    LIMIT,
    PAGES,
    WHOLE,
    CHANGES,
    FILE,
    BAD_TOKEN,
    ODD_BODY,
    LEAVES
  }

  /** The server said that it is busy, in the way that it should. */
  static final class BusyException extends Exception {
    private static final long serialVersionUID = 1L;

    BusyException(int status) {
      super("status " + status);
    }
  }

  /** Not what the request should get. */
  static final class WrongException extends Exception {
    private static final long serialVersionUID = 1L;

    WrongException(String what) {
      super(what);
    }
  }

  /**
   * @param schema the URL of the schema of the tables
   * @param tables how many files each has
   */
  LoadClient(URI server, String schema, String token, Map<String, Integer> tables, Random random) {
    this.shares = server + "/shares/" + schema;
    this.token = token;
    this.tables = tables;
    this.random = random;
  }

  /** Sends one request, or some that belong together, about a table. */
  void run(Kind kind, String table) throws IOException, BusyException, WrongException {
    int files = tables.get(table);
    String at = shares + "/tables/" + table;
    switch (kind) {
      case LIST -> expect(text(open("GET", shares + "/tables", token, null), 200), "\"" + table);
      case METADATA ->
          expect(text(open("GET", at + "/metadata", token, null), 200), "\"metaData\"");
      case VERSION -> text(open("GET", at + "/version", token, null), 200);
      case SELECTIVE -> selective(at, random.nextInt(files));
      case LIMIT -> expectFiles(lines(at, "{\"limitHint\":25}"), 3);
      case PAGES -> pages(at, files);
      case WHOLE -> countFiles(at, "{}", files);
      case CHANGES -> countFiles(at, "{\"startingVersion\":0,\"endingVersion\":0}", files);
      case FILE -> file(at);
      case BAD_TOKEN -> text(open("POST", at + "/query", token + "x", "{}"), 401, 403);
      case ODD_BODY -> {
        String body = ODD_BODIES.get(random.nextInt(ODD_BODIES.size()));
        expect(text(open("POST", at + "/query", token, body), 400), "\"errorCode\"");
      }
      case LEAVES -> leave(at);
    }
  }

  private void selective(String at, int file) throws IOException, BusyException, WrongException {
    List<String> found = lines(at, hint(10L * file + 3));
    expectFiles(found, 1);
    expect(found.get(found.size() - 1), HandWrittenTable.name(file));
  }

  private static String hint(long id) {
    return ("{\"jsonPredicateHints\":\"{\\\"op\\\":\\\"equal\\\",\\\"children\\\":["
            + "{\\\"op\\\":\\\"column\\\",\\\"name\\\":\\\"id\\\",\\\"valueType\\\":\\\"long\\\"},"
            + "{\\\"op\\\":\\\"literal\\\",\\\"value\\\":\\\"%d\\\",\\\"valueType\\\":\\\"long\\\"}]}\"}")
        .formatted(id);
  }

  private void pages(String at, int files) throws IOException, BusyException, WrongException {
    Set<String> ids = new HashSet<>();
    String next = "";
    do {
      String page = ",\"pageToken\":\"" + next + "\"";
      List<String> lines =
          lines(at, "{\"maxFiles\":%d%s}".formatted(files / 3, next.isEmpty() ? "" : page));
      for (String line : lines) {
        JsonNode json = ServerClient.MAPPER.readTree(line);
        if (json.has("file")) {
          ids.add(json.at("/file/id").asText());
        }
      }
      next =
          ServerClient.MAPPER
              .readTree(lines.get(lines.size() - 1))
              .at("/endStreamAction/nextPageToken")
              .asText();
    } while (!next.isEmpty());
    if (ids.size() != files) {
      throw new WrongException("pages with " + ids.size() + " of " + files + " files");
    }
  }

  private void file(String at) throws IOException, BusyException, WrongException {
    List<String> found = lines(at, hint(0));
    expectFiles(found, 1);
    String url = ServerClient.MAPPER.readTree(found.get(found.size() - 1)).at("/file/url").asText();
    HttpURLConnection request = open("GET", url, null, null, "Range", "bytes=2-" + (RANGE + 1));
    String bytes = text(request, 206);
    if (bytes.length() != RANGE) {
      throw new WrongException("a range of " + bytes.length() + " bytes");
    }
  }

  /** Goes in the middle of a response, which is not looked at. */
  private void leave(String at) throws IOException {
    HttpURLConnection request = open("POST", at + "/query", token, "{}");
    if (request.getResponseCode() == 200) {
      request.getInputStream().readNBytes(1 + random.nextInt(100_000));
    }
    request.disconnect();
  }

  /** Without keeping the lines. */
  private void countFiles(String at, String body, int expected)
      throws IOException, BusyException, WrongException {
    HttpURLConnection request = open("POST", at + "/query", token, body);
    long files;
    try (BufferedReader lines = reader(response(request, 200))) {
      files = lines.lines().filter(LoadClient::isFile).count();
    } catch (java.io.UncheckedIOException e) {
      throw e.getCause();
    }
    if (files != expected) {
      throw new WrongException(body + ": " + files + " of " + expected + " files");
    }
  }

  private List<String> lines(String at, String body)
      throws IOException, BusyException, WrongException {
    return text(open("POST", at + "/query", token, body), 200).lines().toList();
  }

  private static boolean isFile(String line) {
    return line.contains("\"url\":");
  }

  private static void expectFiles(List<String> lines, int count) throws WrongException {
    long files = lines.stream().filter(LoadClient::isFile).count();
    if (files != count) {
      throw new WrongException(files + " files, not " + count + ": " + new ArrayList<>(lines));
    }
  }

  private static void expect(String text, String part) throws WrongException {
    if (!text.contains(part)) {
      throw new WrongException("no " + part + " in " + text);
    }
  }

  private static HttpURLConnection open(
      String method, String url, String token, String body, String... header) throws IOException {
    HttpURLConnection request = (HttpURLConnection) URI.create(url).toURL().openConnection();
    request.setConnectTimeout(TIMEOUT_MILLIS);
    request.setReadTimeout(TIMEOUT_MILLIS);
    request.setRequestMethod(method);
    // No connection is left when the load is over.
    request.setRequestProperty("Connection", "close");
    if (token != null) {
      request.setRequestProperty("Authorization", "Bearer " + token);
    }
    for (int i = 0; i < header.length; i += 2) {
      request.setRequestProperty(header[i], header[i + 1]);
    }
    if (body != null) {
      request.setDoOutput(true);
      request.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
    }
    return request;
  }

  private static InputStream response(HttpURLConnection request, int... expected)
      throws IOException, BusyException, WrongException {
    int status = request.getResponseCode();
    for (int right : expected) {
      if (status == right) {
        return status < 400 ? request.getInputStream() : request.getErrorStream();
      }
    }
    try (InputStream error = request.getErrorStream()) {
      String body = error == null ? "" : new String(error.readAllBytes(), StandardCharsets.UTF_8);
      if ((status == 429 || status == 503) && request.getHeaderField("Retry-After") != null) {
        throw new BusyException(status);
      }
      throw new WrongException(
          "status " + status + " of " + request.getURL().getPath() + ": " + body);
    }
  }

  private static String text(HttpURLConnection request, int... expected)
      throws IOException, BusyException, WrongException {
    try (InputStream in = response(request, expected)) {
      return in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static BufferedReader reader(InputStream in) {
    return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
  }
}
