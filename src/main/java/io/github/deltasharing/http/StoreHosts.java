/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.http;

import io.github.deltasharing.options.HttpSettings;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The hosts that data files may be read from: those of the option {@code storeHosts}, or, without
 * it, all except link-local addresses and metadata services, where clouds offer the credentials of
 * their machines, and except loopback unless the sharing server is there too; a hostile server
 * could make executors send requests there (SSRF). Hosts are checked by name, which is all that is
 * known of what a proxy resolves, and by each address before it is connected to. Driver and
 * executors; immutable.
 */
final class StoreHosts {
  /** Addresses of clouds' metadata services that are not link-local. */
  private static final Set<String> METADATA =
      Set.of(
          "100.100.100.200",
          "168.63.129.16",
          "192.0.0.192",
          "fd20:ce:0:0:0:0:0:254",
          "fd00:c1:0:0:0:0:a9fe:a9fe");

  private static final Set<String> METADATA_NAMES =
      Set.of(
          "metadata.google.internal",
          "metadata.goog",
          "metadata",
          "metadata.azure.internal",
          "metadata.tencentyun.com",
          "instance-data",
          "instance-data.ec2.internal");

  private static final Set<String> LOOPBACK_NAMES =
      Set.of("localhost", "localhost.localdomain", "ip6-localhost", "ip6-loopback");

  /** IPv4 addresses in all forms that resolvers accept: decimal, octal, hexadecimal. */
  private static final Pattern NUMERIC = Pattern.compile("[0-9.]+|(?i)[0-9.]*0x[0-9a-fx.]*");

  /** The one form that all resolvers read alike. */
  private static final Pattern DOTTED =
      Pattern.compile("(?:(?:0|[1-9][0-9]{0,2})\\.){3}(?:0|[1-9][0-9]{0,2})");

  private final HttpSettings settings;

  StoreHosts(HttpSettings settings) {
    this.settings = settings;
  }

  /**
   * Checks a host by its name.
   *
   * @throws RefusedUrlException if it may not be connected to
   */
  void check(String host) {
    String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    if (settings.storeHosts() != null) {
      if (!settings.isStoreHost(name)) {
        throw new RefusedUrlException(
            "its host " + name + " is none of those that the option 'storeHosts' allows");
      }
      if (settings.namesStoreHost(name)) {
        return;
      }
    }
    String lower = name.toLowerCase(Locale.ROOT);
    if (METADATA_NAMES.contains(lower)) {
      throw metadata(name);
    }
    if (LOOPBACK_NAMES.contains(lower) || lower.endsWith(".localhost")) {
      refuseLoopback(name);
    } else if (name.indexOf(':') >= 0 || NUMERIC.matcher(name).matches()) {
      checkLiteral(name);
    }
  }

  private void checkLiteral(String name) {
    if (name.indexOf(':') < 0 && !DOTTED.matcher(name).matches()) {
      throw new RefusedUrlException(
          "its host "
              + name
              + " is a number that resolvers take for different addresses; if it is meant, name it in the option"
              + " 'storeHosts'");
    }
    try {
      // A literal address, so no lookup; a proxy's target is not checked again.
      for (InetAddress address : InetAddress.getAllByName(name)) {
        checkAddress(name, address);
      }
    } catch (UnknownHostException e) {
      throw new RefusedUrlException("its host " + name + " is no address");
    }
  }

  /**
   * Checks an address that a host's name resolved to.
   *
   * @throws RefusedUrlException if not
   */
  void check(String host, InetAddress address) {
    String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    if (settings.storeHosts() == null || !settings.namesStoreHost(name)) {
      checkAddress(host, address);
    }
  }

  private void checkAddress(String host, InetAddress address) {
    if (isLoopback(address)) {
      refuseLoopback(host);
      return;
    }
    if (isMetadata(address)) {
      throw metadata(host);
    }
    InetAddress inside = embedded(address.getAddress());
    if (inside != null) {
      checkAddress(host, inside);
    }
  }

  private static RefusedUrlException metadata(String host) {
    return new RefusedUrlException(
        "its host "
            + host
            + " is a link-local address or a cloud's metadata service, which no store is; if it is meant, name it in"
            + " the option 'storeHosts'");
  }

  private void refuseLoopback(String host) {
    if (!settings.loopbackStores()) {
      throw new RefusedUrlException(
          "its host "
              + host
              + " is the machine itself that reads it (loopback), where the sharing server is not; if it is meant,"
              + " name it in the option 'storeHosts'");
    }
  }

  /** Also what Linux connects to itself for: {@code 0.0.0.0} and {@code ::}. */
  private static boolean isLoopback(InetAddress address) {
    byte[] bytes = address.getAddress();
    return address.isLoopbackAddress()
        || address.isAnyLocalAddress()
        || bytes.length == 4 && bytes[0] == 0;
  }

  private static boolean isMetadata(InetAddress address) {
    if (address.isLinkLocalAddress()) {
      return true;
    }
    byte[] b = address.getAddress();
    // All that EC2 has for its machines is in fd00:ec2::/32.
    if (b.length == 16 && b[0] == (byte) 0xfd && b[1] == 0 && b[2] == 0x0e && b[3] == (byte) 0xc2) {
      return true;
    }
    String text = address.getHostAddress();
    int zone = text.indexOf('%');
    return METADATA.contains(zone < 0 ? text : text.substring(0, zone));
  }

  /** The IPv4 address within an IPv4-compatible, NAT64 or 6to4 IPv6 address; else null. */
  private static InetAddress embedded(byte[] b) {
    if (b.length != 16) {
      return null;
    }
    boolean compatible = isZero(b, 0, 12) || isZero(b, 0, 10) && b[10] == -1 && b[11] == -1;
    boolean nat64 = b[0] == 0 && b[1] == 0x64 && (b[2] & 0xff) == 0xff && (b[3] & 0xff) == 0x9b;
    boolean sixToFour = b[0] == 0x20 && b[1] == 0x02;
    return compatible || nat64 ? ipv4(b, 12) : sixToFour ? ipv4(b, 2) : null;
  }

  private static boolean isZero(byte[] b, int from, int to) {
    for (int i = from; i < to; i++) {
      if (b[i] != 0) {
        return false;
      }
    }
    return true;
  }

  private static InetAddress ipv4(byte[] b, int from) {
    try {
      return Inet4Address.getByAddress(Arrays.copyOfRange(b, from, from + 4));
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }
}
