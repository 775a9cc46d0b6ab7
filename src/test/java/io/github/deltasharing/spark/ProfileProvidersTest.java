/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.deltasharing.client.Profile;
import io.github.deltasharing.client.ProfileProvider;
import io.github.deltasharing.client.ProfileSource;
import io.github.deltasharing.testing.StubAnswer;
import io.github.deltasharing.testing.StubServer;
import io.github.deltasharing.testing.TestShare;
import io.github.deltasharing.testing.TestSpark;
import java.io.IOException;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.DataFrameReader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Classes of the user's that give profiles. */
class ProfileProvidersTest {
  private static final String OPTION = "profile.provider.class";
  private static final String SECRET = "canary-gateway-0123456789";
  private final StubServer stub = new StubServer();

  @AfterEach
  void close() {
    stub.close();
  }

  /** The path's part before the # is the server's URL. */
  public static class FromPath implements ProfileSource {
    private final String location;

    public FromPath(Configuration hadoop, String location) {
      this.location = location;
    }

    @Override
    public Profile load() {
      return Profile.fromJson(
          "the vault",
          "{\"shareCredentialsVersion\":1,\"endpoint\":\"%s\",\"bearerToken\":\"%s\"}"
              .formatted(location, TestShare.CANARY));
    }

    @Override
    public Map<String, String> headers() {
      return Map.of("X-Gateway-Key", SECRET);
    }
  }

  /** Adds a header that is not its to add. */
  public static final class Greedy extends FromPath {
    public Greedy(Configuration hadoop, String location) {
      super(hadoop, location);
    }

    @Override
    public Map<String, String> headers() {
      return Map.of("authorization", "Basic " + SECRET);
    }
  }

  /** Adds what no header may be. */
  public static final class Broken extends FromPath {
    public Broken(Configuration hadoop, String location) {
      super(hadoop, location);
    }

    @Override
    public Map<String, String> headers() {
      return Map.of("X-Key", SECRET + "\r\nX: y");
    }
  }

  private void load(String type) {
    TestSpark.session()
        .read()
        .format("deltaSharing")
        .option(OPTION, type)
        .load(stub.url("/api") + "#share.schema.t");
  }

  @Test
  void theirProfilesAndHeadersAreUsed() {
    stub.onAnything(
        request -> StubAnswer.error(404, "RESOURCE_DOES_NOT_EXIST", "not with key " + SECRET));
    assertThatThrownBy(() -> load(FromPath.class.getName()))
        .hasMessageContaining("not with key ***")
        .hasMessageContaining("the vault")
        .hasMessageNotContaining(SECRET);
    assertThat(stub.requests())
        .isNotEmpty()
        .allSatisfy(
            request -> {
              assertThat(request.header("X-Gateway-Key")).isEqualTo(SECRET);
              assertThat(request.header("Authorization")).isEqualTo("Bearer " + TestShare.CANARY);
            });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "no.such.Provider | it is not on the driver's class path",
        "java.lang.String | it is neither a io.github.deltasharing.client.ProfileProvider nor",
      })
  void whatGivesNoProfileIsRefusedByItsName(String type, String reason) {
    assertThatThrownBy(() -> load(type))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Option 'profile.provider.class' names the class " + type)
        .hasMessageContaining(reason);
    assertThat(stub.requests()).isEmpty();
  }

  /** A secret manager: no Hadoop, no path. */
  public static final class Vault implements ProfileProvider {
    static volatile String profile;
    static volatile String location;

    @Override
    public String profile(String asked) throws IOException {
      location = asked;
      if (profile == null) {
        throw new IOException("the vault is closed");
      }
      return profile;
    }

    @Override
    public Map<String, String> headers() {
      return Map.of("X-Gateway-Key", SECRET);
    }
  }

  @ParameterizedTest
  @CsvSource({"credentialProvider", "profile.provider.class"})
  void aSecretManagersProfileIsUsedUnderEitherName(String option) {
    Vault.profile =
        "{\"shareCredentialsVersion\":1,\"endpoint\":\"%s\",\"bearerToken\":\"%s\"}"
            .formatted(stub.url("/api"), TestShare.CANARY);
    stub.onAnything(request -> StubAnswer.error(404, "RESOURCE_DOES_NOT_EXIST", "none"));
    DataFrameReader reader =
        TestSpark.session().read().format("deltaSharing").option(option, Vault.class.getName());
    assertThatThrownBy(() -> reader.load("retail/prod#share.schema.t")).hasMessageContaining("404");
    assertThat(Vault.location).isEqualTo("retail/prod");
    assertThatThrownBy(() -> reader.load("share.schema.t")).hasMessageContaining("404");
    assertThat(Vault.location).isEmpty();
    assertThat(stub.requests().get(0).header("X-Gateway-Key")).isEqualTo(SECRET);
    Vault.profile = null;
    assertThatThrownBy(() -> reader.load("share.schema.t"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("cannot be read: the vault is closed");
  }

  @Test
  void twoClassesAreOneTooMany() {
    DataFrameReader reader =
        TestSpark.session()
            .read()
            .format("deltaSharing")
            .option("credentialProvider", Vault.class.getName())
            .option(OPTION, FromPath.class.getName());
    assertThatThrownBy(() -> reader.load("share.schema.t"))
        .hasMessageContaining("'profile.provider.class' and 'credentialProvider' exclude");
    assertThatThrownBy(
            () ->
                TestSpark.session()
                    .read()
                    .format("deltaSharing")
                    .option("credentialProvider", Vault.class.getName())
                    .option("bearerToken", SECRET)
                    .load("share.schema.t"))
        .hasMessageContaining("'credentialProvider'")
        .hasMessageContaining("'bearerToken'")
        .hasMessageNotContaining(SECRET);
  }

  @Test
  void headersThatCannotBeSentAreRefusedWithoutTheirValue() {
    assertThatThrownBy(() -> load(Greedy.class.getName()))
        .hasMessageContaining("The header 'authorization'")
        .hasMessageContaining("the connector's own")
        .hasMessageNotContaining(SECRET);
    assertThatThrownBy(() -> load(Broken.class.getName()))
        .hasMessageContaining("The header 'X-Key'")
        .hasMessageNotContaining(SECRET);
    assertThat(stub.requests()).isEmpty();
  }
}
