/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.deltasharing.server.config.ConfigException;
import io.github.deltasharing.server.config.StorageConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("unit")
class HadoopSettingsTest {
  private static Optional<StorageConfig> entry(Map<String, String> hadoop) {
    return Optional.of(new StorageConfig("s3a://bucket", hadoop, Optional.empty()));
  }

  @Test
  void anEntryIsOverTheSiteAndTheSiteOverOurDefaults(@TempDir Path directory) throws Exception {
    Files.writeString(
        directory.resolve("core-site.xml"),
        """
        <configuration>
          <property><name>fs.s3a.attempts.maximum</name><value>9</value></property>
          <property><name>fs.s3a.endpoint</name><value>http://site</value></property>
          <property><name>fs.s3a.access.key</name><value>site</value></property>
        </configuration>
        """);
    Configuration settings =
        HadoopSettings.of(
            entry(Map.of("fs.s3a.endpoint", "http://entry", "fs.s3a.connection.timeout", "1")),
            Map.of("HADOOP_CONF_DIR", directory.toString()));
    assertThat(settings.get("fs.s3a.endpoint")).isEqualTo("http://entry");
    assertThat(settings.get("fs.s3a.access.key")).isEqualTo("site");
    assertThat(settings.get("fs.s3a.attempts.maximum")).isEqualTo("9");
    assertThat(settings.get("fs.s3a.connection.timeout")).isEqualTo("1");
    assertThat(settings.get("fs.s3a.connection.establish.timeout")).isEqualTo("5000");
    assertThat(HadoopSettings.of(Optional.empty(), Map.of()).get("fs.s3a.attempts.maximum"))
        .isEqualTo("4");
  }

  @Test
  void hadoopSubstitutesVariablesAndOneThatIsNotSetIsRefused() {
    Configuration settings =
        HadoopSettings.of(entry(Map.of("fs.s3a.secret.key", "${env.PATH}")), Map.of());
    assertThat(settings.get("fs.s3a.secret.key")).isEqualTo(System.getenv("PATH"));
    assertThatThrownBy(
            () ->
                HadoopSettings.of(
                    entry(Map.of("fs.s3a.secret.key", "${env.NO_SUCH_CANARY}")), Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "storage: fs.s3a.secret.key of s3a://bucket names a variable that is not in the"
                + " server's environment: set it");
  }
}
