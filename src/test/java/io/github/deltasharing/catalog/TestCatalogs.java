/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.catalog;

import io.github.deltasharing.testing.TestSpark;
import java.nio.file.Path;
import java.util.Map;

/** Catalogs of the shared session. A name is used once: Spark keeps the catalog that it made. */
public final class TestCatalogs {
  private TestCatalogs() {}

  /** Adds a catalog of a profile. */
  public static void add(String name, Path profile, Map<String, String> settings) {
    String prefix = "spark.sql.catalog." + name;
    TestSpark.session().conf().set(prefix, SharingCatalog.class.getName());
    TestSpark.session().conf().set(prefix + ".profile", profile.toString());
    settings.forEach((key, value) -> TestSpark.session().conf().set(prefix + "." + key, value));
  }
}
