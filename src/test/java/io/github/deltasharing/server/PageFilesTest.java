/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.deltasharing.server.config.ShareConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The files of the provider's page, as browsers get them. */
@Tag("unit")
class PageFilesTest {
  private static final Path SOURCES =
      Path.of("src/main/resources/io/github/deltasharing/server/ui");

  /** What a file names of others: modules that it imports, and files of its tags. */
  private static final Pattern NAMED =
      Pattern.compile("(?:from ?|import ?|href=|src=)[\"']((?:/ui|\\.\\.?)/[^\"'#?]*\\.\\w+)[\"']");

  @TempDir static Path directory;
  private static ProviderServer server;

  @BeforeAll
  static void start() {
    server = ProviderServer.start(directory);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static HttpResponse<String> get(String path, String... headers) {
    return send("GET", path, headers);
  }

  private static HttpResponse<String> send(String method, String path, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(server.origin() + path))
            .method(method, HttpRequest.BodyPublishers.noBody());
    return ServerClient.send((headers.length == 0 ? request : request.headers(headers)).build());
  }

  private static String header(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }

  @Test
  void aPageHasNoScriptOfItsOwnAndTakesNoneFromElsewhere() {
    HttpResponse<String> page = get("/ui");
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(get("/ui/").body()).isEqualTo(page.body());
    assertThat(header(page, "Content-Type")).isEqualTo("text/html; charset=utf-8");
    assertThat(header(page, "Content-Security-Policy"))
        .isEqualTo(
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
                + " connect-src 'self'; form-action 'self'; base-uri 'none';"
                + " frame-ancestors 'none'");
    assertThat(header(page, "X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(header(page, "X-Frame-Options")).isEqualTo("DENY");
    assertThat(header(page, "Referrer-Policy")).isEqualTo("no-referrer");
    assertThat(header(page, "Cross-Origin-Opener-Policy")).isEqualTo("same-origin");
    assertThat(page.body())
        .doesNotContainPattern("(?i)<style|<script(?![^>]* src=)|\\son\\w+=|\\sstyle=|javascript:");
  }

  /** Every module and style sheet that is named somewhere is served, and those of libraries too. */
  @Test
  void whatAPageNeedsIsThere() {
    Set<String> seen = new HashSet<>();
    Deque<String> open = new ArrayDeque<>(List.of("/ui/index.html"));
    for (Path view : files()) {
      open.add("/ui/" + SOURCES.relativize(view));
    }
    open.add("/ui/lib/uplot/dist/uPlot.esm.js");
    open.add("/ui/lib/uplot/dist/uPlot.min.css");
    while (!open.isEmpty()) {
      String path = open.pop();
      if (seen.add(path)) {
        HttpResponse<String> file = get(path);
        assertThat(file.statusCode()).as(path).isEqualTo(200);
        Matcher named = NAMED.matcher(file.body());
        while (named.find()) {
          open.add(URI.create(path).resolve(named.group(1)).getPath());
        }
      }
    }
    assertThat(seen)
        .contains("/ui/lib/lit-html/lit-html.js", "/ui/lib/picocss__pico/css/pico.min.css");
  }

  private static List<Path> files() {
    try (Stream<Path> files = Files.walk(SOURCES)) {
      // A library's licence is in the jar, and no file of a page.
      return files
          .filter(Files::isRegularFile)
          .filter(file -> !file.toString().endsWith(".txt"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Data is escaped by the templates, and by them alone. */
  @Test
  void noModuleMakesHtmlOfText() throws IOException {
    for (Path file : files()) {
      if (file.toString().endsWith(".js")) {
        assertThat(Files.readString(file, StandardCharsets.UTF_8))
            .as(file.toString())
            .doesNotContainPattern(
                "innerHTML|outerHTML|insertAdjacentHTML|unsafeHTML|unsafe-html|document\\.write"
                    + "|\\beval\\(|new Function|\\sstyle=[\"$]|https?://(?!login\\.example)");
      }
    }
  }

  @Test
  void aBrowserAsksWhetherAFileChanged() {
    HttpResponse<String> first = get("/ui/main.js");
    assertThat(header(first, "Content-Type")).isEqualTo("text/javascript; charset=utf-8");
    assertThat(header(first, "Cache-Control")).isEqualTo("no-cache");
    String tag = header(first, "ETag");
    HttpResponse<String> again = get("/ui/main.js", "If-None-Match", tag);
    assertThat(again.statusCode()).isEqualTo(304);
    assertThat(again.body()).isEmpty();
    assertThat(get("/ui/main.js", "If-None-Match", "\"another\"").statusCode()).isEqualTo(200);
  }

  @Test
  void filesAreCompressedAndThenKnownAgainToo() {
    String path = "/ui/lib/picocss__pico/css/pico.min.css";
    HttpResponse<String> zipped = get(path, "Accept-Encoding", "gzip");
    assertThat(header(zipped, "Content-Encoding")).isEqualTo("gzip");
    String tag = header(zipped, "ETag");
    assertThat(get(path, "Accept-Encoding", "gzip", "If-None-Match", tag).statusCode())
        .isEqualTo(304);
    assertThat(header(get("/ui/main.js", "Accept-Encoding", "gzip"), "Content-Encoding"))
        .isEqualTo("gzip");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/ui/PageHandler.class",
        "/ui/package-info.class",
        "/ui/../admin/AdminHandler.class",
        "/ui/..%2fadmin%2fAdminHandler.class",
        "/ui/%2e%2e/store/V1__provider.sql",
        "/ui/views/../main.js",
        "/ui/views/%2e%2e/main.js",
        "/ui/views//shares.js",
        "/ui//index.html",
        "/ui/views",
        "/ui/views/",
        "/ui/nothing.js",
        "/ui/lib/lit-html/development/lit-html.js",
        "/ui/lib/lit-html/../../../../../../META-INF/LICENSE",
        "/ui/lib/lit-html/LICENSE",
        "/ui/META-INF/maven/pom.xml",
        "/ui/main.js%00",
        "/ui/main.js;x",
        "/ui/MAIN.js"
      })
  void nothingElseOfTheJarIsServed(String path) {
    HttpResponse<String> response = get(path);
    assertThat(response.statusCode()).as(response.body()).isIn(400, 401, 404);
    assertThat(response.body()).startsWith("{\"errorCode\"");
  }

  @Test
  void pagesAreReadOnly() {
    assertThat(send("HEAD", "/ui/main.js").statusCode()).isEqualTo(200);
    for (String method : List.of("POST", "PUT", "DELETE", "OPTIONS")) {
      HttpResponse<String> response = send(method, "/ui/main.js");
      assertThat(response.statusCode()).isEqualTo(405);
      assertThat(header(response, "Allow")).isEqualTo("GET, HEAD");
    }
  }

  @Test
  void aServerWithoutAStoreHasNoPage() {
    try (SharingServer plain =
        SharingServer.start(ShareConfig.builder().port(0).allowAnonymous(true).build())) {
      URI page = URI.create("http://127.0.0.1:" + plain.uri().getPort() + "/ui");
      assertThat(ServerClient.send(HttpRequest.newBuilder(page).build()).statusCode())
          .isEqualTo(404);
    }
  }
}
