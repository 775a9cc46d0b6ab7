/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.deltasharing.examples.QuickStart;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The quick start runs, shows the rows that its own history leaves, and tells how to go on. */
class QuickStartIT {
  @Test
  void showsBothTablesAndTheirJoin(@TempDir Path directory) throws Exception {
    PrintStream before = System.out;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    try {
      QuickStart.main(new String[] {directory.resolve("quickstart").toString()});
    } finally {
      System.setOut(before);
    }
    String text = out.toString(StandardCharsets.UTF_8);
    assertThat(text).contains("retail.sales.customers", "retail.sales.orders");
    // 400 customers less those divisible by 97; 5,929 orders less the 51 cancelled ones.
    assertThat(text).contains("396 rows", "5878 rows");
    assertThat(text).containsPattern("Enterprise +59 +858 +564,169\\.72");
    assertThat(text).containsPattern("for this query: \\d+ files, [\\d,]+ bytes, in \\d+ requests");
    assertThat(text)
        .contains("--serve", "spark-shell --jars", "pyspark --jars", "spark-sql --jars");
  }
}
