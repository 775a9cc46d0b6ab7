/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.deltasharing.protocol.TableAccess;
import io.github.deltasharing.server.share.SharedTable;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code share.yaml} says of access by directory. */
@Tag("unit")
class AccessModesTest {
  private static final String STS =
      "{type: sts, roleArn: 'arn:aws:iam::123456789012:role/recipients', endpoint: 'https://sts.example.com', region:"
          + " eu-central-1, externalId: x-1, sessionName: share, durationSeconds: 1800}";
  private static final String STATIC =
      "{type: static, accessKeyId: canary-id, secretAccessKey: canary-secret, sessionToken: canary-token}";

  private static ShareConfig read(String credentials, String store, String table) {
    String yaml =
        """
        authorization: {bearerToken: x}
        storage:
        - prefix: s3a://bucket/open
          credentials: %s
          %s
        - prefix: s3a://other
        shares:
        - name: s
          schemas:
          - name: t
            tables:
            - {name: u, %s}
        """
            .formatted(credentials, store, table);
    return ShareConfigReader.parse(yaml, Path.of("/conf")).build();
  }

  private static SharedTable table(String store, String table) {
    return read(STS, store, table).shares().get(0).schemas().get(0).tables().get(0);
  }

  @Test
  void tablesAreOfferedByUrlsUnlessTheirProviderSaysOtherwise() {
    String place = "location: 's3a://bucket/open/u', historyShared: true";
    assertThat(table("", place).access()).isEqualTo(TableAccess.of("url"));
    assertThat(table("accessModes: [dir, url]", place).access())
        .isEqualTo(new TableAccess(List.of("url", "dir"), "s3://bucket/open/u", List.of()));
    assertThat(table("accessModes: [dir, url]", place + ", accessModes: [url]").access())
        .isEqualTo(TableAccess.of("url"));
    assertThat(table("", place + ", accessModes: [dir]").access())
        .isEqualTo(new TableAccess(List.of("dir"), "s3://bucket/open/u", List.of()));
    assertThat(table("accessModes: [dir]", "location: 's3a://other/u'").access())
        .as("another entry")
        .isEqualTo(TableAccess.of("url"));
  }

  @Test
  void vendorsAreRead() {
    String place = "location: 's3a://bucket/open/u'";
    assertThat(read(STS, "", place).storage().get(0).credentials())
        .contains(
            new VendorConfig.Sts(
                "arn:aws:iam::123456789012:role/recipients",
                Optional.of("https://sts.example.com"),
                Optional.of("eu-central-1"),
                Optional.of("x-1"),
                "share",
                Optional.of(1800)));
    VendorConfig fixed = read(STATIC, "", place).storage().get(0).credentials().orElseThrow();
    assertThat(fixed)
        .isEqualTo(
            new VendorConfig.Fixed("canary-id", "canary-secret", Optional.of("canary-token")));
    assertThat(fixed.toString() + read(STATIC, "", place).storage()).doesNotContain("canary");
  }

  @ParameterizedTest
  @CsvSource({
    "'s3a://bucket/open/u', false, 0, its history is not shared from the first version",
    "'s3a://bucket/open/u', true, 1, its history is not shared from the first version",
    "'s3a://bucket/u', true, 0, no entry of storage has credentials for s3a://bucket/u",
    "'s3a://other/u', true, 0, no entry of storage has credentials for s3a://other/u",
    "'/data/u', true, 0, no entry of storage has credentials for file:///data/u",
  })
  void aDirectoryThatShowsMoreThanIsSharedOrThatNobodyCanOpenIsRefused(
      String location, boolean history, int start, String why) {
    assertThatThrownBy(
            () ->
                read(
                    STS,
                    "",
                    "location: '%s', historyShared: %s, startVersion: %d, accessModes: [url, dir]"
                        .formatted(location, history, start)))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("Table s.t.u has the access mode dir, but " + why)
        .hasMessageContaining("accessModes: [url]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{type: tape}|storage[0].credentials.type is 'tape': it must be sts or static",
        "{}|storage[0].credentials.type is '': it must be sts or static",
        "{type: sts}|storage[0].credentials.roleArn is missing: give it a value",
        "{type: sts, roleArn: reader}|storage[0].credentials.roleArn is 'reader': it must be a role",
        "{type: sts, roleArn: 'arn:aws:iam::1:role/r', secretAccessKey: canary}|storage[0].credentials has keys beside",
        "{type: sts, roleArn: 'arn:aws:iam::1:role/r', durationSeconds: 899}|storage[0].credentials.durationSeconds is '899'",
        "{type: sts, roleArn: 'arn:aws:iam::1:role/r', durationSeconds: 43201}|storage[0].credentials.durationSeconds is '43201'",
        "{type: sts, roleArn: 'arn:aws:iam::1:role/r', sessionName: 'a b'}|storage[0].credentials.sessionName is 'a b'",
        "{type: sts, roleArn: 'arn:aws:iam::1:role/r', endpoint: 'ftp://x'}|storage[0].credentials.endpoint must be a URL",
        "{type: sts, roleArn: 'arn:aws:iam::1:role/r', endpoint: 'https://u:canary@x'}|storage[0].credentials.endpoint must be a URL",
        "{type: static, accessKeyId: canary}|storage[0].credentials.secretAccessKey is missing",
        "{type: static, accessKeyId: canary, secretAccessKey: [canary]}|storage[0].credentials.secretAccessKey: it must be text",
        "[canary]|storage[0].credentials must be a mapping",
      })
  void wrongCredentialsAreRefusedByKeyAndWithoutSecrets(String credentials, String message) {
    assertThatThrownBy(() -> read(credentials, "", "location: 's3a://bucket/open/u'"))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith(message)
        .hasMessageNotContaining("canary");
  }

  @ParameterizedTest
  @CsvSource({"[teleport]", "[]", "'[url, teleport]'"})
  void wrongModesAreRefused(String modes) {
    assertThatThrownBy(() -> table("", "location: /d/u, accessModes: " + modes))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("shares[0].schemas[0].tables[0].accessModes is '")
        .hasMessageEndingWith("it must be url, dir or both, as a list");
  }

  /** Of which other clients may read the directory. */
  @Test
  void icebergTablesAreOfferedByTheirDirectoryToo() {
    SharedTable table =
        table(
            "",
            "location: 's3a://bucket/open/u/metadata/version-hint.text', historyShared: true, accessModes: [dir, url]");
    assertThat(table.access()).isEqualTo(TableAccess.of("url"));
    assertThat(table.at(URI.create("s3a://bucket/open/u")).access())
        .isEqualTo(new TableAccess(List.of("url", "dir"), "s3://bucket/open/u", List.of()));
  }

  @ParameterizedTest
  @CsvSource({
    "open/u/metadata/version-hint.text, true, [dir], it is an Iceberg table",
    "open/u/metadata/version-hint.text, false, '[url, dir]', its history is not shared",
    "open/u/metadata/v3.metadata.json, true, '[url, dir]', it is shared at one state or branch",
    "open/u/metadata/version-hint.text?ref=b, true, '[url, dir]', it is shared at one state or branch",
    "u/metadata/version-hint.text, true, '[url, dir]', no entry of storage has credentials for s3a://bucket/u",
  })
  void directoriesOfIcebergTablesThatShowMoreAreRefused(
      String path, boolean history, String modes, String why) {
    assertThatThrownBy(
            () ->
                table(
                    "",
                    "location: 's3a://bucket/%s', historyShared: %s, accessModes: %s"
                        .formatted(path, history, modes)))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("Table s.t.u has the access mode dir, but " + why)
        .hasMessageContaining("accessModes: [url");
  }

  /** A catalog says only later where in its locations a table is. */
  @Test
  void allPlacesOfACatalogNeedCredentials() {
    String catalog =
        """
        authorization: {bearerToken: x}
        catalogs: [{name: lake, type: hadoop, warehouse: 's3a://bucket/lake'}]
        storage:
        - {prefix: 's3a://bucket', credentials: %s}
        - {prefix: 's3a://bucket/%s'}
        shares: [{name: s, schemas: [{name: t, tables: [
          {name: u, location: 'iceberg://lake/db/u', historyShared: true, accessModes: [url, dir]}]}]}]
        """;
    assertThat(
            ShareConfigReader.parse(catalog.formatted(STS, "other"), Path.of("/conf"))
                .build()
                .shares())
        .hasSize(1);
    assertThatThrownBy(
            () ->
                ShareConfigReader.parse(catalog.formatted(STS, "lake/db"), Path.of("/conf"))
                    .build())
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(
            "it may be below s3a://bucket/lake/db, whose entry of storage has no");
  }
}
