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
    assertThat(text).contains("retail.sales.customers", "retail.sales.sales_transactions");
    // 300 customers less those divisible by 97; 6,000 sales less every fortieth.
    assertThat(text).contains("297 rows", "5850 rows");
    assertThat(text).containsPattern("Enterprise +64 +1,250 +537,670\\.00");
    assertThat(text).containsPattern("for this query: \\d+ files, [\\d,]+ bytes, in \\d+ requests");
    assertThat(text)
        .contains("--serve", "spark-shell --jars", "pyspark --jars", "spark-sql --jars");
  }
}
