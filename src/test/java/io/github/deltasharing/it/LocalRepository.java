/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * A Maven repository in a directory with nothing but the connector: its jar, and the POM that is
 * published.
 *
 * @param coordinates for {@code --packages}
 * @param confs with which Spark looks nowhere else
 */
record LocalRepository(String coordinates, Map<String, String> confs) {
  private static final String ARTIFACT = "delta-sharing-spark-connector";

  /** Makes it. */
  static LocalRepository in(Path directory, Path connector) throws IOException {
    String jar = connector.getFileName().toString();
    String version = jar.substring(ARTIFACT.length() + 1, jar.length() - ".jar".length());
    Path repository = directory.resolve("repository");
    Path place =
        Files.createDirectories(
            repository.resolve(Path.of("io", "github", "deltasharing", ARTIFACT, version)));
    Files.copy(connector, place.resolve(jar));
    Files.copy(
        Path.of(System.getProperty("published.pom")),
        place.resolve(ARTIFACT + "-" + version + ".pom"));
    Path ivy =
        Files.writeString(
            directory.resolve("ivysettings.xml"),
            """
            <ivysettings>
              <settings defaultResolver="local"/>
              <resolvers><ibiblio name="local" m2compatible="true" root="%s"/></resolvers>
            </ivysettings>
            """
                .formatted(repository.toUri()));
    return new LocalRepository(
        "io.github.deltasharing:" + ARTIFACT + ":" + version,
        Map.of(
            "spark.jars.ivySettings",
            ivy.toString(),
            "spark.jars.ivy",
            directory.resolve("ivy").toString()));
  }
}
