/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.deltasharing.presign.AzureAccountKey;
import io.github.deltasharing.presign.AzureContainer;
import io.github.deltasharing.presign.AzureSas;
import io.github.deltasharing.server.config.ConfigException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Signers of Azure and Google by Hadoop's settings; the signatures are judged where they are made.
 */
@Tag("unit")
class CloudUrlsTest {
  private static final Instant NOW = Instant.parse("2026-11-28T20:00:00Z");
  private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
  private static final Instant EXPIRY = NOW.plusSeconds(3600);
  private static final String KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6";
  private static final String OTHER_KEY = KEY.replace('E', 'F');
  private static final URI TABLE =
      URI.create("abfss://data@account1.dfs.core.windows.net/sales/orders");

  private static Configuration hadoop(String... settings) {
    Configuration hadoop = new Configuration(false);
    for (int i = 0; i < settings.length; i += 2) {
      hadoop.set(settings[i], settings[i + 1]);
    }
    return hadoop;
  }

  private static AzureUrls azure(Configuration hadoop) {
    return AzureUrls.of(TABLE, hadoop, Optional.empty(), CLOCK);
  }

  private static String expected(String origin, String key) {
    return new AzureSas(
            new AzureContainer(origin, "account1", "data"), new AzureAccountKey("account1", key))
        .start(NOW, Duration.ofHours(1))
        .get("sales/orders/a b.parquet");
  }

  @Test
  void azureByTheAccountsKey() {
    PresignedUrl url =
        azure(
                hadoop(
                    "fs.azure.account.key",
                    OTHER_KEY,
                    "fs.azure.account.key.account1.dfs.core.windows.net",
                    KEY))
            .sign("sales/orders/a b.parquet", EXPIRY);
    assertThat(url.url()).isEqualTo(expected("https://account1.blob.core.windows.net", KEY));
    assertThat(url.expiry()).isEqualTo(EXPIRY);
  }

  @Test
  void azureByTheKeyForAll() {
    assertThat(
            azure(hadoop("fs.azure.account.key", KEY))
                .sign("sales/orders/a b.parquet", EXPIRY)
                .url())
        .isEqualTo(expected("https://account1.blob.core.windows.net", KEY));
  }

  @Test
  void aUrlOfALongResponseLivesASecond() {
    assertThat(azure(hadoop("fs.azure.account.key", KEY)).sign("a", NOW.minusSeconds(9)).expiry())
        .isEqualTo(NOW.plusSeconds(1));
  }

  @ParameterizedTest
  @CsvSource({
    "https://files.example.com, https://files.example.com",
    "http://127.0.0.1:10000/account1, http://127.0.0.1:10000/account1",
  })
  void azureElsewhere(String endpoint, String origin) {
    assertThat(
            AzureUrls.of(TABLE, hadoop("fs.azure.account.key", KEY), Optional.of(endpoint), CLOCK)
                .sign("sales/orders/a b.parquet", EXPIRY)
                .url())
        .isEqualTo(expected(origin, KEY));
  }

  @ParameterizedTest
  @CsvSource({
    "abfss://data@account1.dfs.core.chinacloudapi.cn/t,"
        + " https://account1.blob.core.chinacloudapi.cn/data/t?",
    "abfs://data@account1.dfs.core.usgovcloudapi.net/t,"
        + " https://account1.blob.core.usgovcloudapi.net/data/t?",
  })
  void azuresOtherClouds(String location, String start) {
    assertThat(
            AzureUrls.of(
                    URI.create(location),
                    hadoop("fs.azure.account.key", KEY),
                    Optional.empty(),
                    CLOCK)
                .sign("t", EXPIRY)
                .url())
        .startsWith(start);
  }

  @Test
  void azureRefusesWhatCannotSign() {
    refused(hadoop(), "fs.azure.account.key.account1.dfs.core.windows.net is not set");
    refused(hadoop("fs.azure.account.key", "s3cret key"), "must be Base64");
    refused(hadoop("fs.azure.account.auth.type", "SAS"), "fs.azure.account.auth.type to SharedKey");
    String[] oauth = {
      "fs.azure.account.auth.type.account1.dfs.core.windows.net",
      "OAuth",
      "fs.azure.account.oauth.provider.type",
      "org.apache.hadoop.fs.azurebfs.oauth2.ClientCredsTokenProvider",
      "fs.azure.account.oauth2.client.endpoint",
      "https://login.example.com/tenant/oauth2/token",
      "fs.azure.account.oauth2.client.id",
      "id",
      "fs.azure.account.oauth2.client.secret",
      "s3cret"
    };
    assertThat(azure(hadoop(oauth)).toString()).contains("account1").doesNotContain("s3cret");
    oauth[8] = "unknown";
    refused(hadoop(oauth), "fs.azure.account.oauth2.client.secret");
    oauth[3] = "org.apache.hadoop.fs.azurebfs.oauth2.MsiTokenProvider";
    refused(hadoop(oauth), "ClientCredsTokenProvider");
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(
            () -> AzureUrls.of(URI.create("abfss://data/t"), hadoop(), Optional.empty(), CLOCK))
        .withMessageContaining("names no account");
  }

  private static void refused(Configuration hadoop, String why) {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> azure(hadoop))
        .withMessageStartingWith("Files of " + TABLE + " cannot be shared: ")
        .withMessageContaining(why)
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("s3cret"));
  }

  private static Path account(Path directory) throws IOException {
    try (InputStream in = CloudUrlsTest.class.getResourceAsStream("/presign/gcs-dummy-key.pem")) {
      String pem = new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
      return Files.writeString(
          directory.resolve("account.json"),
          "{\"type\":\"service_account\",\"client_email\":\"me@example.com\",\"private_key\":\""
              + pem.replace("\n", "\\n")
              + "\"}");
    }
  }

  private static GcsUrls google(Configuration hadoop, String endpoint) {
    return GcsUrls.of(
        URI.create("gs://data_1/sales"), hadoop, Optional.ofNullable(endpoint), CLOCK);
  }

  @Test
  void googleByAServiceAccountsFile(@TempDir Path directory) throws IOException {
    String file = account(directory).toString();
    for (String setting :
        new String[] {
          "fs.gs.auth.service.account.json.keyfile",
          "google.cloud.auth.service.account.json.keyfile"
        }) {
      PresignedUrl url = google(hadoop(setting, file), null).sign("sales/a b.parquet", EXPIRY);
      assertThat(url.expiry()).isEqualTo(EXPIRY);
      assertThat(url.url())
          .startsWith(
              "https://storage.googleapis.com/data_1/sales/a%20b.parquet?X-Goog-Algorithm="
                  + "GOOG4-RSA-SHA256&X-Goog-Credential=me%40example.com%2F20261128%2Fauto%2F");
    }
    Configuration other =
        hadoop(
            "fs.gs.auth.service.account.json.keyfile",
            file,
            "fs.gs.storage.root.url",
            "http://127.0.0.1:4443/");
    assertThat(google(other, null).sign("a", EXPIRY).url())
        .startsWith("http://127.0.0.1:4443/data_1/a?");
    assertThat(google(other, "https://files.example.com").sign("a", EXPIRY).url())
        .startsWith("https://files.example.com/data_1/a?");
  }

  @Test
  void googleRefusesWhatCannotSign(@TempDir Path directory) throws IOException {
    String setting = "fs.gs.auth.service.account.json.keyfile";
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> google(hadoop(), null))
        .withMessageContaining("set " + setting + " to its file");
    for (String text : new String[] {"{s3cret", "{}", "", "{\"private_key\":\"s3cret\"}"}) {
      Path file = Files.writeString(directory.resolve("account.json"), text);
      assertThatExceptionOfType(ConfigException.class)
          .isThrownBy(() -> google(hadoop(setting, file.toString()), null))
          .satisfies(e -> assertThat(e).hasStackTraceContaining("ConfigException"))
          .satisfies(
              e ->
                  assertThat(e.getMessage() + e.getCause().getMessage() + e.getCause().getCause())
                      .doesNotContain("s3cret"));
    }
  }
}
