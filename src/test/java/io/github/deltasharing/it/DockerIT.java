/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.deltasharing.examples.RetailTables;
import io.github.deltasharing.it.ContainerEngine.Finished;
import io.github.deltasharing.testing.PythonEnvironment;
import io.github.deltasharing.testing.TestSpark;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileUtil;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * The kit of {@code docker/} as a user starts it: images built by {@code run-demo.sh}, the rows
 * that Delta Lake itself reads from the provider's tables, and nothing left after {@code --stop}.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Tag("nightly")
class DockerIT {
  private static final String PROJECT =
      "delta-sharing-it-" + UUID.randomUUID().toString().substring(0, 8);
  private static final String LABEL = "label=com.docker.compose.project=" + PROJECT;
  private static final String IMAGE = "delta-sharing-recipient:it";
  private static final List<String> SERVICES =
      List.of("provider", "spark-master", "spark-worker", "recipient");
  private static final Pattern ADDRESS =
      Pattern.compile("ready: (http://127\\.0\\.0\\.1:\\d+)/lab\\?token=(\\S+)");

  /** What pip says when it reaches no index. */
  private static final Pattern NO_INDEX =
      Pattern.compile(
          "Failed to establish a new connection|Temporary failure in name|ConnectionError|"
              + "ConnectTimeout|from versions: none");

  @TempDir static Path directory;
  static ContainerEngine engine;
  static Map<String, String> environment;
  static String[] tables;
  static String expected;
  static String started;

  @BeforeAll
  static void start() throws Exception {
    engine = ContainerEngine.ofThisMachine(directory);
    // In the directory that is sent to the engine.
    Path staged = Files.createDirectories(Path.of("target", "docker"));
    Path wheels = wheels(staged);
    Path written = staged.resolve("tables-it");
    FileUtil.fullyDelete(written.toFile());
    RetailTables retail = new RetailTables(TestSpark.session(), written.toAbsolutePath());
    retail.write();
    tables = new String[] {"retail.sales.customers", "retail.sales.orders"};
    expected = digest(tables[0], retail.customers()) + digest(tables[1], retail.orders());
    environment = new HashMap<>();
    environment.put("DEMO_PROJECT", PROJECT);
    environment.put("DEMO_TAG", "it");
    environment.put("WHEELS", wheels.toString());
    environment.put("TABLES", written.toString());
    for (String port : List.of("DEMO_PORT", "PROVIDER_PORT", "MASTER_PORT")) {
      try (ServerSocket socket = new ServerSocket(0)) {
        environment.put(port, Integer.toString(socket.getLocalPort()));
      }
    }
    Finished finished = demo();
    assertThat(finished.exit()).as(finished.output()).isZero();
    started = finished.output();
  }

  @AfterAll
  static void stop() throws Exception {
    if (environment != null) {
      demo("--stop");
    }
  }

  /** Those of the recipient's requirements, which the build of its image takes from there. */
  private static Path wheels(Path staged) throws Exception {
    PythonEnvironment python = PythonEnvironment.of("containers");
    Path wheels = staged.resolve("wheels");
    Finished pip =
        engine.run(
            Map.of("PIP", python.python() + " -m pip"),
            "docker/recipient/wheels.sh",
            wheels.toString());
    Assumptions.assumeFalse(
        pip.exit() != 0 && NO_INDEX.matcher(pip.output()).find(),
        "SKIPPED: the recipient's Python packages cannot be had: " + pip.output());
    assertThat(pip.exit()).as(pip.output()).isZero();
    return wheels;
  }

  private static Finished demo(String... arguments) throws Exception {
    String[] command = new String[arguments.length + 1];
    command[0] = "docker/run-demo.sh";
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    return engine.run(environment, command);
  }

  /** What {@code container_rows.py} prints of a table, as Delta Lake reads it. */
  private static String digest(String name, Path table) throws Exception {
    List<String> rows =
        TestSpark.session()
            .read()
            .format("delta")
            .load(table.toString())
            .selectExpr("to_json(struct(*))")
            .collectAsList()
            .stream()
            .map(row -> row.getString(0))
            .sorted()
            .toList();
    byte[] digest =
        MessageDigest.getInstance("SHA-256")
            .digest(String.join("\n", rows).getBytes(StandardCharsets.UTF_8));
    return "%s: %d rows %s\n".formatted(name, rows.size(), HexFormat.of().formatHex(digest));
  }

  private static String container(String service) throws Exception {
    return engine.docker(
        "ps", "-aq", "--filter", LABEL, "--filter", "label=com.docker.compose.service=" + service);
  }

  private static List<String> containers() throws Exception {
    return engine.lines("ps", "-aq", "--filter", LABEL);
  }

  private static void assertRows(String output) {
    assertThat(output.lines().filter(line -> line.contains(" rows ")).toList())
        .as(output)
        .containsExactlyElementsOf(expected.lines().toList());
    assertThat(output).contains("catalog: ['customers', 'orders']", "doubled: 12 on ");
  }

  @Test
  @Order(1)
  void aJobOnTheClusterReadsTheRowsThatDeltaLakeReads() throws Exception {
    String recipient = container("recipient");
    copyJob(recipient);
    String output =
        engine.docker(
            "exec",
            recipient,
            "spark-submit",
            "--master",
            "spark://spark-master:7077",
            "work/container_rows.py",
            "/run/secrets/config.share",
            tables[0],
            tables[1]);
    assertRows(output);
    assertThat(output).contains("on spark://spark-master:7077");
    assertThat(engine.docker("exec", container("spark-worker"), "ls", "/tmp/work"))
        .startsWith("app-");
  }

  /** A read-only container takes no {@code docker cp}. */
  private static void copyJob(String container) throws Exception {
    Finished copied =
        engine.run(
            Map.of(),
            "bash",
            "-c",
            "docker exec -i "
                + container
                + " sh -c 'cat >work/container_rows.py' <src/test/python/container_rows.py");
    assertThat(copied.exit()).as(copied.output()).isZero();
  }

  /** {@code docker run -v config.share…} with any user id, and a credential file of one's own. */
  @Test
  @Order(2)
  void aRecipientWithACredentialFileOfTheirOwnUsesTheSameImage() throws Exception {
    Path mounted = Files.createDirectory(directory.resolve("own"));
    Path profile = mounted.resolve("config.share");
    Files.writeString(
        profile, engine.docker("exec", container("recipient"), "cat", "/run/secrets/config.share"));
    Path job = mounted.resolve("job.py");
    Files.copy(Path.of("src", "test", "python", "container_rows.py"), job);
    assertRows(
        engine.docker(
            "run",
            "--rm",
            "--user",
            "4321:4321",
            "--network",
            PROJECT + "_default",
            "-v",
            profile + ":/run/secrets/config.share:ro",
            "-v",
            job + ":/job.py:ro",
            IMAGE,
            "spark-submit",
            // The file is the demo's, whose provider has no TLS.
            "--conf",
            "spark.datasource.deltaSharing.allowPlainHttp=true",
            "/job.py",
            "/run/secrets/config.share",
            tables[0],
            tables[1]));
  }

  @Test
  @Order(3)
  void jupyterLabWantsTheToken() throws Exception {
    Matcher address = ADDRESS.matcher(started);
    assertThat(address.find()).as(started).isTrue();
    assertThat(status(address.group(1) + "/api/contents")).isEqualTo(403);
    assertThat(status(address.group(1) + "/api/contents?token=" + address.group(2))).isEqualTo(200);
  }

  /** As a person does who runs all cells: its charts are there, and were drawn from the share. */
  @Test
  @Order(3)
  void theNotebookRunsInTheContainer() throws Exception {
    String recipient = container("recipient");
    engine.docker(
        "exec",
        recipient,
        "jupyter",
        "nbconvert",
        "--to",
        "notebook",
        "--execute",
        "work/retail.ipynb",
        "--output-dir",
        "/tmp",
        "--output",
        "executed");
    String charts =
        engine.docker("exec", recipient, "grep", "-c", "\"image/png\"", "/tmp/executed.ipynb");
    assertThat(Integer.parseInt(charts)).isGreaterThanOrEqualTo(5);
  }

  private static int status(String uri) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(uri)).timeout(Duration.ofSeconds(30)).build(),
            HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  @Test
  @Order(4)
  void containersAreConfined() throws Exception {
    assertThat(containers()).hasSameSizeAs(SERVICES);
    for (String container : containers()) {
      assertThat(engine.docker("exec", container, "id", "-u")).isNotEqualTo("0");
      assertThat(
              engine.docker(
                  "inspect",
                  "-f",
                  "{{.HostConfig.ReadonlyRootfs}} {{.HostConfig.CapDrop}} {{.HostConfig.Privileged}}"
                      + " {{gt .HostConfig.Memory 0}} {{.HostConfig.SecurityOpt}}",
                  container))
          .isEqualTo("true [ALL] false true [no-new-privileges:true]");
      assertThat(
              engine.docker(
                  "inspect",
                  "-f",
                  "{{range .NetworkSettings.Ports}}{{range .}}{{.HostIp}} {{end}}{{end}}",
                  container))
          .matches("(127\\.0\\.0\\.1 ?)?");
    }
  }

  /** Not in containers' and images' settings, not in the images' history, not in any log. */
  @Test
  @Order(5)
  void secretsAreInFilesOnly() throws Exception {
    String provider = container("provider");
    String[] secrets = {
      engine.docker("exec", provider, "cat", "/var/lib/provider/token"),
      engine.docker("exec", provider, "cat", "/var/lib/provider/signing-key"),
      engine.docker("exec", container("recipient"), "cat", "/tmp/jupyter-token")
    };
    assertThat(secrets).allMatch(secret -> secret.length() >= 32);
    for (String container : containers()) {
      assertThat(engine.docker("inspect", container)).doesNotContain(secrets);
      assertThat(engine.docker("logs", container)).isNotEmpty().doesNotContain(secrets);
    }
    for (String image : List.of(IMAGE, "delta-sharing-provider:it")) {
      assertThat(engine.docker("history", "--no-trunc", image)).doesNotContain(secrets);
      assertThat(engine.docker("inspect", image)).doesNotContain(secrets);
    }
    // The log of each executor is in the worker's container.
    assertThat(
            engine.docker(
                "exec", container("spark-worker"), "sh", "-c", "cat /tmp/work/app-*/*/std*"))
        .contains("Executor")
        .doesNotContain(secrets);
  }

  @Test
  @Order(6)
  void whatRunsIsNotStartedAgain() throws Exception {
    Finished again = demo("--no-build");
    assertThat(again.exit()).isEqualTo(1);
    assertThat(again.output()).contains("the demo is running already", "--stop");
  }

  @Test
  @Order(7)
  void stopLeavesNothing() throws Exception {
    assertThat(demo("--stop").output()).contains("stopped: ");
    assertThat(containers()).isEmpty();
    assertThat(engine.lines("volume", "ls", "-q", "--filter", LABEL)).isEmpty();
    assertThat(engine.lines("network", "ls", "-q", "--filter", LABEL)).isEmpty();
  }

  @Test
  @Order(8)
  void theRecipientAloneStartsWithAFileAndStops() throws Exception {
    Path profile = Files.createDirectory(directory.resolve("alone")).resolve("config.share");
    Files.writeString(
        profile,
        """
        {"shareCredentialsVersion": 1, "endpoint": "https://sharing.example/", "bearerToken": "a", "expirationTime": "2999-01-01T00:00:00Z"}
        """);
    Finished alone = demo("--no-build", "--profile", profile.toString());
    assertThat(alone.output()).containsPattern(ADDRESS);
    assertThat(alone.exit()).isZero();
    assertThat(demo("--stop").exit()).isZero();
    assertThat(engine.lines("ps", "-aq", "--filter", "name=" + PROJECT)).isEmpty();
    Files.writeString(profile, Files.readString(profile).replace("2999", "2020"));
    Finished expired = demo("--no-build", "--profile", profile.toString());
    assertThat(expired.output())
        .contains("expired on 2020-01-01 00:00 UTC. Ask the provider for a new credential file");
    assertThat(expired.exit()).isEqualTo(1);
    Files.writeString(profile, "<html>");
    assertThat(demo("--stop").exit()).isZero();
    assertThat(demo("--no-build", "--profile", profile.toString()).output())
        .contains("is not a credential file of Delta Sharing");
  }
}
