/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.publish;

import com.fasterxml.jackson.databind.node.TextNode;
import io.github.deltasharing.server.store.StoredPublication.SharedAs;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a recipient pastes to read a table, with the profile in {@code config.share}. There is no
 * secret in them. Stateless.
 */
public final class Snippets {
  private static final String PROFILE = "config.share";

  private Snippets() {}

  /**
   * By language.
   *
   * @param shared the table's names
   * @param deltaFormat whether it takes a reader of Delta's newer features
   */
  public static Map<String, String> of(SharedAs shared, boolean deltaFormat) {
    String path = PROFILE + "#" + shared.share() + "." + shared.schema() + "." + shared.table();
    String text = TextNode.valueOf(path).toString();
    String load =
        "delta_sharing.load_as_pandas(" + text + (deltaFormat ? ", use_delta_format=True)" : ")");
    String view = "`" + shared.table().replace("`", "``") + "`";
    Map<String, String> snippets = new LinkedHashMap<>();
    snippets.put(
        "pyspark", "df = spark.read.format(\"deltaSharing\").load(" + text + ")\ndf.show()\n");
    snippets.put(
        "sql",
        "CREATE TEMPORARY VIEW "
            + view
            + " USING deltaSharing OPTIONS (path '"
            + path.replace("\\", "\\\\").replace("'", "\\'")
            + "');\nSELECT * FROM "
            + view
            + " LIMIT 10;\n");
    snippets.put(
        "java",
        "Dataset<Row> df = spark.read().format(\"deltaSharing\").load("
            + text
            + ");\ndf.show();\n");
    snippets.put("pandas", "import delta_sharing\n\ndf = " + load + "\n");
    snippets.put(
        "duckdb",
        "import delta_sharing, duckdb\n\nshared = "
            + load
            + "\nduckdb.sql(\"SELECT * FROM shared LIMIT 10\").show()\n");
    return snippets;
  }

  /** For PyIceberg, with a profile that has an endpoint for Iceberg clients. */
  public static String pyIceberg(SharedAs shared) {
    return """
    import json, os
    # Else PyIceberg now and then sends a request that is not signed.
    os.environ["PYICEBERG_MAX_WORKERS"] = "1"
    from pyiceberg.catalog import load_catalog

    profile = json.load(open("%s"))
    catalog = load_catalog("shared", type="rest", uri=profile["icebergEndpoint"], warehouse=%s, token=profile["bearerToken"])
    df = catalog.load_table((%s, %s)).scan().to_pandas()
    """
        .formatted(
            PROFILE, quoted(shared.share()), quoted(shared.schema()), quoted(shared.table()));
  }

  /** JSON's text, which is Python's too. */
  private static String quoted(String text) {
    return TextNode.valueOf(text).toString();
  }
}
