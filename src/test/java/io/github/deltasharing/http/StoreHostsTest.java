/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.http;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.deltasharing.options.SharingReadConf;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("unit")
class StoreHostsTest {
  private static final Pattern PLAIN =
      Pattern.compile("(127|0)(\\.\\d+){3}|[0-9a-f]*:[0-9a-f:.]*|localhost");

  private static StoreHosts besideTheServer() {
    return new StoreHosts(SharingReadConf.defaults().http().withLoopbackStores(true));
  }

  private static StoreHosts hosts(String allowed) {
    Map<String, String> options = allowed == null ? Map.of() : Map.of("storeHosts", allowed);
    return new StoreHosts(new SharingReadConf(options, name -> null).http());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "169.254.169.254",
        "169.254.0.1",
        "169.254.169.254.",
        "2852039166",
        "169.16689662",
        "169.254.43518",
        "fe80::1",
        "febf:0:0:0:1:2:3:4",
        "::ffff:169.254.169.254",
        "::ffff:a9fe:a9fe",
        "::169.254.169.254",
        "64:ff9b::a9fe:a9fe",
        "2002:a9fe:a9fe::1",
        "fd00:ec2::254",
        "fd00:ec2::23",
        "fd20:ce::254",
        "0251.0376.0251.0376",
        "0xa9fea9fe",
        "100.100.100.200",
        "168.63.129.16",
        "metadata.google.internal",
        "METADATA.google.internal."
      })
  void addressesThatNoStoreHas(String host) {
    assertThatThrownBy(() -> hosts(null).check(host))
        .isInstanceOf(RefusedUrlException.class)
        .hasMessageContaining("'storeHosts'");
    assertThatCode(() -> hosts(host.toLowerCase(Locale.ROOT).replaceFirst("\\.$", "")).check(host))
        .as("named")
        .doesNotThrowAnyException();
  }

  /** In all forms that a resolver, here or at a proxy, takes for it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "127.255.255.254",
        "127.0.0.1.",
        "0.0.0.0",
        "0.1.2.3",
        "::1",
        "0:0:0:0:0:0:0:1",
        "::",
        "::127.0.0.1",
        "::ffff:127.0.0.1",
        "::ffff:7f00:1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "localhost",
        "LOCALHOST",
        "localhost.",
        "a.localhost",
        "localhost.localdomain",
        "ip6-localhost",
        "2130706433",
        "017700000001",
        "0x7f000001",
        "0x7f.1",
        "127.1",
        "0177.0.0.1",
        "127.0x0.0.1"
      })
  void thisMachineIsNoStore(String host) {
    assertThatThrownBy(() -> hosts(null).check(host))
        .isInstanceOf(RefusedUrlException.class)
        .hasMessageContaining("'storeHosts'");
    assertThatThrownBy(() -> hosts("*.example, *").check(host))
        .isInstanceOf(RefusedUrlException.class);
    assertThatCode(() -> hosts(host.replaceFirst("\\.$", "")).check(host))
        .as("named")
        .doesNotThrowAnyException();
    if (PLAIN.matcher(host).matches()) {
      assertThatCode(() -> besideTheServer().check(host)).doesNotThrowAnyException();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.1.2.3", "192.168.0.1", "fd00::1", "bucket.example", "3com.example"})
  void othersMayBeStores(String host) {
    assertThatCode(() -> hosts(null).check(host)).doesNotThrowAnyException();
  }

  @Test
  void aNameIsJudgedByTheAddressThatItLeadsTo() throws UnknownHostException {
    InetAddress metadata = InetAddress.getByAddress(new byte[] {(byte) 169, (byte) 254, 1, 1});
    assertThatThrownBy(() -> hosts(null).check("store.example", metadata))
        .isInstanceOf(RefusedUrlException.class)
        .hasMessageContaining("store.example");
    InetAddress loopback = InetAddress.getByName("127.0.0.1");
    assertThatThrownBy(() -> hosts(null).check("store.example", loopback))
        .isInstanceOf(RefusedUrlException.class)
        .hasMessageContaining("store.example");
    assertThatCode(() -> besideTheServer().check("store.example", loopback))
        .doesNotThrowAnyException();
    assertThatCode(() -> hosts("store.example").check("store.example", metadata))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> hosts("*.example").check("store.example", metadata))
        .as("a pattern names no host: whoever owns a name below it chooses the address")
        .isInstanceOf(RefusedUrlException.class);
  }

  @Test
  void besideTheServerNoLinkLocalAddressEither() {
    assertThatThrownBy(() -> besideTheServer().check("169.254.169.254"))
        .isInstanceOf(RefusedUrlException.class);
  }

  @Test
  void withAListOnlyItsHosts() {
    StoreHosts hosts = hosts("one.example, *.two.example");
    for (String host :
        new String[] {"one.example", "ONE.example", "a.two.example", "a_b.two.example."}) {
      assertThatCode(() -> hosts.check(host)).doesNotThrowAnyException();
    }
    for (String host : new String[] {"two.example", "xone.example", "a.one.example", "127.0.0.1"}) {
      assertThatThrownBy(() -> hosts.check(host))
          .isInstanceOf(RefusedUrlException.class)
          .hasMessageContaining("is none of those that the option 'storeHosts' allows");
    }
  }
}
