/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What goes to executors of Hadoop's settings. */
@Tag("unit")
class ReaderFactoriesTest {
  @ParameterizedTest
  @CsvSource({
    "fs.s3a.access.key, false",
    "fs.s3a.secret.key, false",
    "fs.azure.account.key.one.dfs.core.windows.net, false",
    "fs.azure.sas.container.one.blob.core.windows.net, false",
    "fs.azure.sas.fixed.token.one.dfs.core.windows.net, false",
    "fs.swift.service.one.apikey, false",
    "spark.sql.catalog.x.endpoint, false",
    "spark.delta.sharing.network.proxyPassword, false",
    "parquet.read.allocation.size, true",
    "fs.s3a.endpoint, true",
    "parquet.sasquatch.x, true"
  })
  void secretsOfFileSystemsStayOnTheDriver(String name, boolean goes) {
    Configuration files = new Configuration(false);
    files.set(name, "canary");
    ReaderFactories.withoutSecrets(files);
    assertThat(files.get(name) != null).isEqualTo(goes);
  }
}
