/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Asks the OSV database which known vulnerabilities the components of a CycloneDX file have. Run by
 * {@code mvn -q -Pvulnerabilities validate} in source-file mode, so one file. Arguments: the file,
 * the database's address, the file of accepted ids. Ends with 1 if there is one that is not
 * accepted, with 0 and a message if the database cannot be reached.
 */
public final class Vulnerabilities {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private Vulnerabilities() {}

  public static void main(String[] arguments) throws Exception {
    List<String> components = components(Path.of(arguments[0]));
    JsonNode results;
    try {
      results = ask(URI.create(arguments[1]), components);
    } catch (IOException e) {
      System.out.println(
          "SKIPPED: the vulnerability database %s cannot be reached (%s); %d components were not checked."
              .formatted(arguments[1], e, components.size()));
      return;
    }
    Set<String> accepted = accepted(Path.of(arguments[2]));
    List<String> found = new ArrayList<>();
    for (int i = 0; i < components.size(); i++) {
      for (JsonNode vulnerability : results.path(i).path("vulns")) {
        String id = vulnerability.path("id").asText();
        if (!accepted.contains(id)) {
          found.add(components.get(i) + ": " + id);
        }
      }
    }
    found.forEach(System.out::println);
    System.out.println(
        "%d components checked, %d vulnerabilities that nobody has accepted."
            .formatted(components.size(), found.size()));
    if (!found.isEmpty()) {
      System.exit(1);
    }
  }

  private static List<String> components(Path bom) throws IOException {
    List<String> components = new ArrayList<>();
    for (JsonNode component : JSON.readTree(bom.toFile()).path("components")) {
      // The database knows packages without qualifiers such as ?type=jar.
      components.add(component.path("purl").asText().split("\\?", 2)[0]);
    }
    if (components.isEmpty()) {
      throw new IllegalStateException(bom + " names no component");
    }
    return components;
  }

  private static JsonNode ask(URI database, List<String> components)
      throws IOException, InterruptedException {
    ObjectNode body = JSON.createObjectNode();
    ArrayNode queries = body.putArray("queries");
    components.forEach(purl -> queries.addObject().putObject("package").put("purl", purl));
    HttpClient client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
    HttpResponse<String> response =
        client.send(
            HttpRequest.newBuilder(database)
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body.toString()))
                .build(),
            BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new IOException("HTTP " + response.statusCode());
    }
    JsonNode results = JSON.readTree(response.body()).path("results");
    if (results.size() != components.size()) {
      throw new IllegalStateException(
          "%d results for %d components".formatted(results.size(), components.size()));
    }
    return results;
  }

  /** One id a line, then the reason; lines that begin with # are comments. */
  private static Set<String> accepted(Path file) throws IOException {
    return Files.readAllLines(file).stream()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .map(line -> line.strip().split("\\s+", 2)[0])
        .collect(Collectors.toSet());
  }
}
