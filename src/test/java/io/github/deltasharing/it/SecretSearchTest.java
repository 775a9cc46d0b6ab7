/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("unit")
class SecretSearchTest {
  private static final String TEXT = UUID.randomUUID().toString();

  private final SecretSearch search = new SecretSearch(TEXT);

  @Test
  void allForms() {
    for (String before : new String[] {"", "a", "ab", "abc", "Basic user:"}) {
      for (String after : new String[] {"", "z", "yz"}) {
        String all = before + TEXT + after;
        byte[] bytes = all.getBytes(StandardCharsets.UTF_8);
        assertThat(search.in(all)).containsOnlyKeys("plain");
        assertThat(search.in(URLEncoder.encode(all, StandardCharsets.UTF_8)))
            .containsOnlyKeys("plain");
        assertThat(search.in(Base64.getEncoder().encodeToString(bytes))).hasSize(1);
        assertThat(search.in(Base64.getUrlEncoder().encodeToString(bytes))).hasSize(1);
        assertThat(search.in(all.getBytes(StandardCharsets.UTF_16LE))).containsKey("UTF-16LE");
      }
    }
    assertThat(search.in("x" + TEXT.substring(1))).isEmpty();
  }

  @Test
  void acrossThePiecesOfALongFile(@TempDir Path directory) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(new byte[(8 << 20) - 7]);
    bytes.write(TEXT.getBytes(StandardCharsets.US_ASCII));
    bytes.write(new byte[9 << 20]);
    bytes.write(TEXT.getBytes(StandardCharsets.US_ASCII));
    Path file = Files.write(directory.resolve("long"), bytes.toByteArray());
    assertThat(search.in(file)).containsEntry("plain", 2).hasSize(1);
    assertThat(search.in(Files.write(directory.resolve("empty"), new byte[0]))).isEmpty();
  }
}
