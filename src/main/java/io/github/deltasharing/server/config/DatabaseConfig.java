/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.config;

import io.github.deltasharing.annotation.PublicApi;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The database of a provider's shares, recipients and grants. Immutable.
 *
 * @param url the JDBC URL, of PostgreSQL
 * @param user who signs in to it
 * @param password the user's password: a secret
 */
@PublicApi
public record DatabaseConfig(String url, Optional<String> user, Optional<String> password) {
  private static final String POSTGRES = "jdbc:postgresql:";
  private static final String H2 = "jdbc:h2:file:";

  /** Checks the URL, which is never part of a message: it may hold a password. */
  public DatabaseConfig {
    if (!url.startsWith(POSTGRES) && !url.startsWith(H2)) {
      throw new ConfigException("database.url must start with " + POSTGRES);
    }
    if (url.toLowerCase(java.util.Locale.ROOT).contains("password=")) {
      throw new ConfigException(
          "database.url has a password in it: put it into a file, and name it in"
              + " database.passwordFile");
    }
  }

  /** A file in a directory; one server at a time has it. */
  static DatabaseConfig embedded(Path directory) {
    return new DatabaseConfig(
        H2
            + directory.resolve("store").toAbsolutePath()
            + ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE;TRACE_LEVEL_FILE=0",
        Optional.of("sa"),
        Optional.of(""));
  }

  /** Whether it is PostgreSQL. */
  public boolean isPostgres() {
    return url.startsWith(POSTGRES);
  }

  /** Where it is, as messages say it: without the URL's parameters. */
  public String place() {
    return url.replaceFirst("[?;].*", "").replaceFirst("//[^/@]*@", "//");
  }

  /** Without the password. */
  @Override
  public String toString() {
    return "DatabaseConfig[" + place() + "]";
  }
}
