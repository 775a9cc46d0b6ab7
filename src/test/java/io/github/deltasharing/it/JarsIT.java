/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.deltasharing.testing.S3Store;
import io.github.deltasharing.testing.WrittenIceberg;
import io.github.deltasharing.testing.WrittenLog;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is in the two jars, and that the server's runs. */
class JarsIT {
  private static final Path CONNECTOR = Path.of(System.getProperty("connector.jar"));
  private static final Path SERVER = Path.of(System.getProperty("server.jar"));

  private static List<String> classes(Path jar) throws IOException {
    try (JarFile file = new JarFile(jar.toFile())) {
      return file.stream().map(ZipEntry::getName).filter(name -> name.endsWith(".class")).toList();
    }
  }

  @Test
  void theConnectorHoldsItsOwnClassesOnlyAndNotTheServers() throws IOException {
    List<String> classes = classes(CONNECTOR);
    assertThat(classes).hasSizeGreaterThan(50);
    assertThat(classes).allMatch(name -> name.startsWith("io/github/deltasharing/"));
    assertThat(classes).noneMatch(name -> name.startsWith("io/github/deltasharing/server/"));
    assertThat(Files.size(CONNECTOR)).isLessThan(6_000_000);
  }

  @Test
  void theConnectorRegistersItsSource() throws IOException {
    try (JarFile jar = new JarFile(CONNECTOR.toFile())) {
      ZipEntry services =
          jar.getEntry("META-INF/services/org.apache.spark.sql.sources.DataSourceRegister");
      String text =
          new String(
              jar.getInputStream(services).readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
      assertThat(text.trim()).isEqualTo("io.github.deltasharing.spark.DeltaSharingProvider");
      assertThat(jar.getManifest().getMainAttributes().getValue("Implementation-Version"))
          .isNotBlank();
    }
  }

  @Test
  void theServerHoldsNoSparkAndNoScala() throws IOException {
    Map<Boolean, List<String>> bad =
        classes(SERVER).stream()
            .collect(
                Collectors.partitioningBy(
                    name -> name.startsWith("org/apache/spark/") || name.startsWith("scala/")));
    assertThat(bad.get(true)).isEmpty();
    assertThat(bad.get(false)).contains("io/github/deltasharing/server/ServerMain.class");
    // Iceberg's client of REST catalogs has URIs and the like of HttpComponents' core; requests go
    // over the JDK's client.
    assertThat(bad.get(false)).noneMatch(name -> name.startsWith("org/apache/hc/client5/"));
    assertThat(bad.get(false))
        .filteredOn(name -> name.startsWith("io/github/deltasharing/"))
        .allMatch(
            name ->
                name.matches(
                    "io/github/deltasharing/(annotation|cache|error|presign|protocol|table|source|server)/.*"));
  }

  /** Of the AWS SDK the parts for S3 and its sessions, and of DynamoDB what Hadoop catches. */
  @Test
  void theServerHoldsHadoopAwsAndLittleOfTheSdk() throws IOException {
    List<String> classes = classes(SERVER);
    assertThat(classes)
        .contains(
            "org/apache/hadoop/fs/s3a/S3AFileSystem.class",
            "com/amazonaws/services/s3/AmazonS3Client.class",
            "com/amazonaws/services/securitytoken/AWSSecurityTokenServiceClient.class",
            "com/amazonaws/services/dynamodbv2/model/AmazonDynamoDBException.class",
            "org/apache/commons/logging/impl/SLF4JLogFactory.class");
    assertThat(classes)
        .filteredOn(name -> name.startsWith("com/amazonaws/services/"))
        .allMatch(
            name ->
                name.matches(
                    "com/amazonaws/services/(s3|securitytoken|dynamodbv2/model/\\w+Exception).*"));
    try (JarFile jar = new JarFile(SERVER.toFile())) {
      assertThat(jar.stream().map(ZipEntry::getName))
          .noneMatch(name -> name.matches("META-INF/[^/]+\\.(SF|DSA|RSA)"));
    }
    assertThat(Files.size(SERVER)).isLessThan(118_000_000);
  }

  /** With what is in it: Spark's class path, which the tests have, holds more. */
  @Test
  void theServersJarServesTablesFromAnS3Store(@TempDir Path directory) throws Exception {
    Path table = directory.resolve("t");
    new WrittenLog(table)
        .commit(
            0, WrittenLog.PROTOCOL, WrittenLog.metadata(WrittenLog.SCHEMA), WrittenLog.add("f", 4));
    Files.writeString(table.resolve("f"), "data");
    S3Store store = S3Store.shared();
    String bucket = store.newBucket("jar");
    store.copy(directory, bucket, "");
    Path config = directory.resolve("share.yaml");
    Files.writeString(
        config,
        """
        authorization: {bearerToken: secret}
        shares: [{name: a, schemas: [{name: b, tables: [{name: c, location: 's3a://%1$s/t'}]}]}]
        storage: [{prefix: 's3a://%1$s', hadoop: {%2$s}}]
        """
            .formatted(
                bucket,
                S3Store.hadoop(store.endpoint(), store.newKey(bucket)).entrySet().stream()
                    .map(pair -> pair.getKey() + ": '" + pair.getValue() + "'")
                    .collect(Collectors.joining(", "))));
    Process server = start(directory, config);
    try (BufferedReader out = server.inputReader()) {
      String uri = out.readLine().substring("listening on ".length());
      HttpResponse<String> response =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(URI.create(uri + "/shares/a/schemas/b/tables/c/query"))
                      .header("Authorization", "Bearer secret")
                      .POST(HttpRequest.BodyPublishers.ofString("{}"))
                      .build(),
                  HttpResponse.BodyHandlers.ofString());
      assertThat(response.body()).contains(store.endpoint() + "/" + bucket + "/t/f?");
      assertThat(directory.resolve("stderr")).content().doesNotContain("WARN", "ERROR");
    } finally {
      server.destroy();
      assertThat(server.waitFor(60, TimeUnit.SECONDS)).isTrue();
    }
  }

  /** Iceberg's library too has to have in the jar what it needs. */
  @Test
  void theServersJarServesIcebergTables(@TempDir Path directory) throws Exception {
    WrittenIceberg.create(directory.resolve("lake/db/t"), 2).append("a", 0).append("b", 10);
    Path config = directory.resolve("share.yaml");
    Files.writeString(
        config,
        """
        authorization: {bearerToken: secret}
        catalogs: [{name: lake, type: hadoop, warehouse: lake}]
        shares: [{name: a, schemas: [{name: b, tables: [{name: c, location: 'iceberg://lake/db/t'}]}]}]
        """);
    Process server = start(directory, config);
    try (BufferedReader out = server.inputReader()) {
      String uri = out.readLine().substring("listening on ".length());
      HttpResponse<String> response =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(URI.create(uri + "/shares/a/schemas/b/tables/c/query"))
                      .header("Authorization", "Bearer secret")
                      .header(
                          "delta-sharing-capabilities",
                          "responseformat=delta;readerfeatures=columnmapping")
                      .POST(HttpRequest.BodyPublishers.ofString("{}"))
                      .build(),
                  HttpResponse.BodyHandlers.ofString());
      assertThat(response.body()).contains("/data/a?", "/data/b?");
      assertThat(directory.resolve("stderr")).content().doesNotContain("WARN", "ERROR");
    } finally {
      server.destroy();
      assertThat(server.waitFor(60, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void theServersJarRunsAloneAndSaysWhereItListens(@TempDir Path directory) throws Exception {
    Path config = directory.resolve("share.yaml");
    Files.writeString(
        config,
        """
        version: 1
        authorization:
          bearerToken: secret
        shares: []
        """);
    Process server = start(directory, config);
    try (BufferedReader out = server.inputReader()) {
      assertThat(out.readLine()).matches("listening on http://127\\.0\\.0\\.1:\\d+/delta-sharing");
    } finally {
      server.destroy();
      assertThat(server.waitFor(60, TimeUnit.SECONDS)).isTrue();
    }
  }

  private static Process start(Path directory, Path config) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-jar",
            SERVER.toString(),
            "--config",
            config.toString(),
            "--port",
            "0")
        .redirectError(directory.resolve("stderr").toFile())
        .start();
  }
}
