/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.sql;

import io.github.deltasharing.testing.TestSpark;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How SQL names a shared table; and what Delta Lake calls the same table, which is the judge. */
enum SqlForm {
  /** A table of Delta Lake, without any share. */
  ORACLE,
  /** {@code catalog.share.schema.table}. */
  CATALOG,
  /** {@code CREATE TABLE ... USING deltaSharing LOCATION}. */
  TABLE,
  /** {@code CREATE TEMPORARY VIEW ... USING deltaSharing OPTIONS}. */
  VIEW;

  static final String CATALOG_NAME = "forms";

  /** A table, as it was in a version, or its changes from one version to another. */
  private static final Pattern REFERENCE = Pattern.compile("\\{(\\w+)(?:@(\\d+)|:(\\d+)-(\\d+))?}");

  /** A statement with its references in this form. */
  String sql(String statement, Path directory, String share) {
    Matcher matcher = REFERENCE.matcher(statement);
    StringBuilder sql = new StringBuilder();
    while (matcher.find()) {
      String name = reference(matcher, directory, share);
      matcher.appendReplacement(sql, Matcher.quoteReplacement(name));
    }
    return matcher.appendTail(sql).toString();
  }

  private String reference(Matcher matcher, Path directory, String share) {
    String table = matcher.group(1);
    String version = matcher.group(2);
    String start = matcher.group(3);
    String end = matcher.group(4);
    return switch (this) {
      case ORACLE ->
          start != null
              ? "table_changes_by_path('%s', %s, %s)"
                  .formatted(directory.resolve(table), start, end)
              : "delta.`" + directory.resolve(table) + "`" + asOf(version);
      case CATALOG ->
          start != null
              ? "(SELECT * FROM %s.share.schema.%s.changes WHERE _commit_version BETWEEN %s AND %s)"
                  .formatted(CATALOG_NAME, table, start, end)
              : CATALOG_NAME + ".share.schema." + table + asOf(version);
      case TABLE, VIEW -> {
        String options = "";
        if (version != null) {
          options = ", versionAsOf '" + version + "'";
        } else if (start != null) {
          options =
              ", readChangeFeed 'true', startingVersion '%s', endingVersion '%s'"
                  .formatted(start, end);
        }
        yield define(table, options, share);
      }
    };
  }

  private static String asOf(String version) {
    return version == null ? "" : " VERSION AS OF " + version;
  }

  /** Makes the table or the view, once for each of its options. */
  private String define(String table, String options, String share) {
    String name = (this + "_" + table + options.replaceAll("\\D+", "_")).toLowerCase(Locale.ROOT);
    String path = share + "#share.schema." + table;
    TestSpark.session()
        .sql(
            options.isEmpty() && this == TABLE
                ? "CREATE TABLE IF NOT EXISTS %s USING deltaSharing LOCATION '%s'"
                    .formatted(name, path)
                : "CREATE %s %s USING deltaSharing OPTIONS (path '%s'%s)"
                    .formatted(
                        this == TABLE ? "TABLE IF NOT EXISTS" : "OR REPLACE TEMPORARY VIEW",
                        name,
                        path,
                        options));
    return name;
  }
}
