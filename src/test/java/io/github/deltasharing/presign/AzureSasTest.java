/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.presign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The expected signatures are those of Azure's SDK for Python, {@code generate_blob_sas} and {@code
 * generate_directory_sas} of azure-storage-blob 12.14.1 and azure-storage-file-datalake 12.9.1,
 * with their version set to ours. The key is that of Azure's emulator.
 */
@Tag("unit")
class AzureSasTest {
  private static final String KEY =
      "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
  private static final String ACCOUNT = "devaccount1";
  private static final Instant NOW = Instant.parse("2026-11-28T20:00:00Z");
  private static final AzureContainer CONTAINER =
      new AzureContainer("https://devaccount1.blob.core.windows.net", ACCOUNT, "data");
  private static final AzureSigningKey ACCOUNT_KEY = new AzureAccountKey(ACCOUNT, KEY);
  private static final AzureSigningKey USER_KEY =
      new UserDelegationKey(
          ACCOUNT,
          "11111111-2222-3333-4444-555555555555",
          "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee",
          NOW,
          NOW.plus(Duration.ofDays(3)),
          "b",
          "2020-12-06",
          KEY);

  private static AzureSasSigner signer(AzureSigningKey key) {
    return new AzureSas(CONTAINER, key).start(NOW, Duration.ofHours(1));
  }

  private static Map<String, String> parameters(String query) {
    Map<String, String> parameters = new HashMap<>();
    for (String parameter : query.split("&")) {
      String[] parts = parameter.split("=", 2);
      parameters.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
    }
    return parameters;
  }

  private static final Map<String, String> BY_USER =
      Map.of(
          "skoid", "11111111-2222-3333-4444-555555555555",
          "sktid", "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee",
          "skt", "2026-11-28T20:00:00Z",
          "ske", "2026-12-01T20:00:00Z",
          "sks", "b",
          "skv", "2020-12-06");

  private static Map<String, String> expected(
      String permissions, String type, String depth, boolean byUser, String signature) {
    Map<String, String> all = new HashMap<>(byUser ? BY_USER : Map.of());
    all.putAll(Map.of("sp", permissions, "sr", type, "se", "2026-11-28T21:00:00Z"));
    all.putAll(Map.of("spr", "https", "sv", "2020-12-06", "sig", signature));
    if (depth != null) {
      all.put("sdd", depth);
    }
    return all;
  }

  @ParameterizedTest
  @CsvSource({
    "part-0.parquet, part-0.parquet, false, 7A0YK64jM2PXkSLxEiKq7A3g2p34hFC9O5x1C1CKUUk=",
    "part-0.parquet, part-0.parquet, true, Kb9oV2YUUT6ESGs383cpSyyhV9U6SVCyfeyj+Uk/1t4=",
    "sales/orders/day=2026-11-28/part 0+1%20ä.parquet,"
        + " sales/orders/day%3D2026-11-28/part%200%2B1%2520%C3%A4.parquet, false,"
        + " 9IbFYYnncK9sMWwp0wetBW9sHeXtB3O3exoaTKJpAs0=",
    "sales/orders/day=2026-11-28/part 0+1%20ä.parquet,"
        + " sales/orders/day%3D2026-11-28/part%200%2B1%2520%C3%A4.parquet, true,"
        + " x1nn8bnirtnHRg/RhzQaP65fADmtzUEzK7wOvgrF3WM=",
  })
  void blobs(String name, String path, boolean byUser, String signature) {
    String[] url = signer(byUser ? USER_KEY : ACCOUNT_KEY).get(name).split("\\?", 2);
    assertThat(url[0]).isEqualTo("https://devaccount1.blob.core.windows.net/data/" + path);
    assertThat(parameters(url[1])).isEqualTo(expected("r", "b", null, byUser, signature));
  }

  @ParameterizedTest
  @CsvSource({
    "sales, 1, false, dshSLd32q85+vGO1JvxllptgYBnqwrq/+yhKoL8doKo=",
    "sales, 1, true, KbWqAK4f8uSxgfG3lpmnpqXzrqL/EZliI9yczx0aLB0=",
    "/sales/orders/, 2, false, qthuE5BX2XMG0e9vIZGo1vLmHkLBoH3MuxDogCtetVY=",
    "sales/orders, 2, true, evUzKlzj5P5pSYqIzarf/FDRpFA5xPlAbhQCSRnjy6s=",
  })
  void directories(String directory, String depth, boolean byUser, String signature) {
    assertThat(parameters(signer(byUser ? USER_KEY : ACCOUNT_KEY).directory(directory)))
        .isEqualTo(expected("rl", "d", depth, byUser, signature));
  }

  @Test
  void theRootIsNoDirectoryDeep() {
    assertThat(parameters(signer(ACCOUNT_KEY).directory(""))).containsEntry("sdd", "0");
  }

  @Test
  void theEmulatorHasNoTls() {
    AzureContainer emulator =
        new AzureContainer("http://127.0.0.1:10000/devaccount1/", ACCOUNT, "data");
    String[] url =
        new AzureSas(emulator, ACCOUNT_KEY)
            .start(NOW, Duration.ofHours(1))
            .get("part-0.parquet")
            .split("\\?", 2);
    assertThat(url[0]).isEqualTo("http://127.0.0.1:10000/devaccount1/data/part-0.parquet");
    assertThat(parameters(url[1]))
        .containsEntry("spr", "https,http")
        .containsEntry("sig", "aa+sWDVGm+Ksl0BH2hGyxYGUd+8vgGKtzEaGuVzbQUk=");
  }

  @Test
  void aSignatureEndsWithTheKey() {
    AzureSas sas = new AzureSas(CONTAINER, USER_KEY);
    Instant end = NOW.plus(Duration.ofDays(3));
    assertThat(sas.start(NOW, Duration.ofDays(7)).expiry()).isEqualTo(end);
    assertThatIllegalStateException()
        .isThrownBy(() -> sas.start(end, Duration.ofHours(1)))
        .withMessageContaining("expired at 2026-12-01T20:00:00Z");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://devaccount1.blob.core.windows.net/other",
        "https://me:topsecret@devaccount1.blob.core.windows.net",
        "ftp://devaccount1.blob.core.windows.net",
        "https://a b",
      })
  void illegalEndpointsAreRefused(String origin) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new AzureContainer(origin, ACCOUNT, "data"))
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("topsecret"));
  }

  @Test
  void illegalNamesAreRefused() {
    for (String name : new String[] {"", "ab", "A-b", "a--b", "-ab", "a/b", "abc?"}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new AzureContainer("https://a.example.com", ACCOUNT, name))
          .withMessage("Not a container of Azure's: " + name);
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new AzureContainer("https://a.example.com", "a.b", "data"))
        .withMessage("Not a storage account of Azure's: a.b");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new AzureSas(CONTAINER, new AzureAccountKey("another", KEY)))
        .withMessage("A key of account another cannot sign for account devaccount1");
    assertThatIllegalArgumentException().isThrownBy(() -> signer(ACCOUNT_KEY).get(""));
  }

  @Test
  void nothingSaysTheKey() {
    assertThat(
            ACCOUNT_KEY
                + " "
                + USER_KEY
                + " "
                + new AzureSas(CONTAINER, USER_KEY)
                + signer(USER_KEY))
        .contains(ACCOUNT)
        .doesNotContain(KEY);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new AzureAccountKey(ACCOUNT, "top secret"))
        .withMessage("A key of an Azure storage account must be Base64")
        .withNoCause();
  }
}
