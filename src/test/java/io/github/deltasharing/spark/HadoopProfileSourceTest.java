/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.deltasharing.client.ProfileSource;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("unit")
class HadoopProfileSourceTest {
  @Test
  void aProfileComesFromAnyHadoopFileSystem(@TempDir Path dir) throws Exception {
    Path file =
        Files.writeString(
            dir.resolve("p.share"),
            "{\"shareCredentialsVersion\":1,\"endpoint\":\"https://h/x\",\"bearerToken\":\"canary\"}");
    ProfileSource source =
        HadoopProfileSource.of(file.toUri().toString(), "p.share (some.conf)", new Configuration());
    assertThat(source.load().endpoint()).hasToString("https://h/x");
    Files.delete(file);
    assertThatThrownBy(source::load)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("The profile p.share (some.conf) does not exist")
        .hasMessageContaining("looked for at " + file.toUri().toString().replace("///", "/"))
        .hasMessageContaining("cluster mode");
    assertThatThrownBy(
            () ->
                HadoopProfileSource.of(
                        "nosuchscheme://x/p.share", "nosuchscheme://x/p.share", new Configuration())
                    .load())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("The profile nosuchscheme://x/p.share cannot be read")
        .hasMessageContaining("no file system for 'nosuchscheme:'");
    assertThatThrownBy(
            () -> HadoopProfileSource.of("s3a://b/p.share", "s3a://b/p.share", withoutS3()).load())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("--packages org.apache.hadoop:hadoop-aws:");
    assertThatThrownBy(
            () ->
                HadoopProfileSource.of(
                        "env:NO_SUCH_VARIABLE", "env:NO_SUCH_VARIABLE", new Configuration())
                    .load())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("NO_SUCH_VARIABLE is not set");
  }

  /** A cluster's without the jar of hadoop-aws, which these tests have. */
  private static Configuration withoutS3() {
    Configuration hadoop = new Configuration();
    hadoop.setClassLoader(
        new ClassLoader(HadoopProfileSourceTest.class.getClassLoader()) {
          @Override
          protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith("org.apache.hadoop.fs.s3a.")) {
              throw new ClassNotFoundException(name);
            }
            return super.loadClass(name, resolve);
          }
        });
    return hadoop;
  }
}
