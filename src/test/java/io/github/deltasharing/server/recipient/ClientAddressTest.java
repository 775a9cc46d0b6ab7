/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.recipient;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("unit")
class ClientAddressTest {
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      textBlock =
          """
          203.0.113.7, 203.0.113.7
          203.0.113.7:49152, 203.0.113.7
          "198.51.100.1, 203.0.113.7:49152", 203.0.113.7
          "203.0.113.7:49152, 10.0.0.2:443", 203.0.113.7
          2001:db8::7, 2001:db8:0:0:0:0:0:7
          [2001:db8::7], 2001:db8:0:0:0:0:0:7
          [2001:db8::7]:49152, 2001:db8:0:0:0:0:0:7
          2001:db8::7:8080, 2001:db8:0:0:0:0:7:8080
          """)
  void theAddressIsWhatTrustedProxiesSay(String forwarded, String address) {
    ClientAddress addresses = new ClientAddress(List.of("10.0.0.0/8"));
    assertThat(addresses.of("10.0.0.1", List.of(forwarded)))
        .get()
        .extracting(InetAddress::getHostAddress)
        .isEqualTo(address);
    assertThat(addresses.of("192.0.2.1", List.of(forwarded)))
        .get()
        .extracting(InetAddress::getHostAddress)
        .isEqualTo("192.0.2.1");
  }

  @ParameterizedTest
  @CsvSource({
    "unknown",
    "203.0.113.7:",
    "203.0.113.7:port",
    "[203.0.113.7",
    "host.example:80",
    ":80"
  })
  void whatIsNoAddressIsNone(String forwarded) {
    ClientAddress addresses = new ClientAddress(List.of("10.0.0.0/8"));
    assertThat(addresses.of("10.0.0.1", List.of(forwarded))).isEmpty();
  }
}
