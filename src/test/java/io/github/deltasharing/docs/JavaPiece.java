/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.tools.ToolProvider;
import org.apache.spark.sql.SparkSession;

/** Statements in Java, with the imports and variables that a page takes for granted. */
final class JavaPiece {
  private static final String CLASS =
      """
      import io.github.deltasharing.client.*;
      import io.github.deltasharing.server.*;
      import io.github.deltasharing.server.config.*;
      import io.github.deltasharing.server.http.*;
      import java.net.*;
      import java.nio.file.*;
      import java.util.*;
      import org.apache.spark.sql.*;

      public class Piece {
        public static void run(SparkSession spark, Path directory, String token, List<AccessRecord> requests)
            throws Exception {
          %s
        }
      }
      """;

  private JavaPiece() {}

  /** Compiles and runs them. */
  static void run(String text, String where, Path scratch, SparkSession spark, Path directory)
      throws Exception {
    Path source = scratch.resolve("Piece.java");
    // Table is a class of Spark too: that of the piece's subject is meant.
    Files.writeString(source, CLASS.formatted(text));
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    int failed =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                said,
                said,
                "-nowarn",
                "-proc:none",
                "-d",
                scratch.toString(),
                "-cp",
                System.getProperty("java.class.path"),
                source.toString());
    assertThat(failed).as("%s: %s", where, said.toString(StandardCharsets.UTF_8)).isZero();
    try (URLClassLoader loader =
        new URLClassLoader(new URL[] {scratch.toUri().toURL()}, JavaPiece.class.getClassLoader())) {
      loader
          .loadClass("Piece")
          .getMethod("run", SparkSession.class, Path.class, String.class, java.util.List.class)
          .invoke(
              null,
              spark,
              directory.resolve("tables").resolve("orders"),
              "a-token-of-the-docs",
              new java.util.ArrayList<>());
    }
  }
}
