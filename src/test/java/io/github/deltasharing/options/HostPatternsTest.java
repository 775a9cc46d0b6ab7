/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.options;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.deltasharing.testing.Serialised;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("unit")
class HostPatternsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "store.example.org | store.example.org | true",
        "store.example.org | STORE.example.ORG. | true",
        "store.example.org | a.store.example.org | false",
        "store.example.org | xstore.example.org | false",
        "*.example.org | a.example.org | true",
        "*.example.org | a.b.example.org | true",
        "*.example.org | example.org | false",
        "*.example.org | aexample.org | false",
        ".example.org | example.org | true",
        ".example.org | a.b.example.org | true",
        ".example.org | aexample.org | false",
        "* | anything | true",
        "* | 10.0.0.1 | true",
        "10.1.* | 10.1.255.3 | true",
        "10.1.* | 10.10.2.3 | false",
        "*-internal.example.org | a-internal.example.org | true",
        "*-internal.example.org | a.example.org | false",
        "a*c.example | abc.example | true",
        "a*c.example | abcd.example | false",
        "10.0.0.0/8 | 10.255.1.2 | true",
        "10.0.0.0/8 | 11.0.0.1 | false",
        "172.16.0.0/12 | 172.31.255.255 | true",
        "172.16.0.0/12 | 172.32.0.0 | false",
        "192.168.1.7/32 | 192.168.1.7 | true",
        "192.168.1.7/32 | 192.168.1.6 | false",
        "0.0.0.0/0 | 8.8.8.8 | true",
        "0.0.0.0/0 | example.org | false",
        "10.0.0.0/33 | 10.0.0.0 | false",
        "10.0.0.0/x | 10.0.0.0 | false",
        "10.0.0.0/8 | 010.0.0.1 | false",
        "300.0.0.0/8 | 300.0.0.1 | false",
        "255.249.99.0/24 | 255.249.99.199 | true",
        "fd00::/8 | fd12:3456::1 | true",
        "fd00::/8 | fe80::1 | false",
        "fd00::/8 | 10.0.0.1 | false",
        "10.0.0.1 | 10.0.0.1 | true",
        "[::1] | ::1 | true",
        "::1 | 0:0:0:0:0:0:0:1 | true",
        "10.0.0.0/8 | 10.example.org | false",
        "store.example.org:443 | store.example.org | true",
        "store.example.org:8443 | store.example.org | false",
        "[fd00::1]:443 | fd00::1 | true",
        "10.0.0.0/8:443 | 10.1.1.1 | true",
        "a , *.b,,10.0.0.0/8 | x.b | true",
        "a , *.b,,10.0.0.0/8 | 10.0.0.9 | true",
        "a , *.b,,10.0.0.0/8 | b | false",
      })
  void ofTheOption(String list, String host, boolean fits) {
    HostPatterns patterns = HostPatterns.ofOption(list);
    assertThat(patterns.match(host, 443)).isEqualTo(fits);
    assertThat(Serialised.byJava(patterns).match(host, 443)).isEqualTo(fits);
    assertThat(Serialised.byKryo(patterns).match(host, 443)).isEqualTo(fits);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "example.org | example.org | true",
        "example.org | a.example.org | true",
        "example.org | aexample.org | false",
        ".example.org | a.example.org | true",
        "localhost 10.0.0.0/8 | 10.2.3.4 | true",
        "10.0.0.1 | 10.0.0.12 | false",
        "* | a | true",
      })
  void ofTheEnvironment(String list, String host, boolean fits) {
    assertThat(HostPatterns.ofEnvironment(list).match(host, 443)).isEqualTo(fits);
  }

  @Test
  void none() {
    assertThat(HostPatterns.ofOption("").match("a", 1)).isFalse();
    assertThat(HostPatterns.ofOption(" , ").match("a", 1)).isFalse();
  }
}
