/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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

  private static final Pattern TYPE = Pattern.compile("(?m)^public (?:final )?class (\\w+)");

  /** Compiles and runs them; a class is only compiled. */
  static void run(String text, String where, Path scratch, SparkSession spark, Path directory)
      throws Exception {
    Matcher type = TYPE.matcher(text);
    if (type.find()) {
      compile(text, type.group(1), where, scratch);
      return;
    }
    compile(CLASS.formatted(text), "Piece", where, scratch);
    try (URLClassLoader loader =
        new URLClassLoader(new URL[] {scratch.toUri().toURL()}, JavaPiece.class.getClassLoader())) {
      loader
          .loadClass("Piece")
          .getMethod("run", SparkSession.class, Path.class, String.class, List.class)
          .invoke(
              null,
              spark,
              directory.resolve("tables").resolve("orders"),
              "a-token-of-the-docs",
              new ArrayList<>());
    }
  }

  private static void compile(String text, String name, String where, Path scratch)
      throws IOException {
    Path source = scratch.resolve(name + ".java");
    Files.writeString(source, text);
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
  }
}
