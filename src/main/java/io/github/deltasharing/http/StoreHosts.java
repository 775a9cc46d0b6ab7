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
 * their machines; a hostile server could make executors send requests there (SSRF). Driver and
 * executors; immutable.
 */
final class StoreHosts {
  /** Addresses of clouds' metadata services that are not link-local. */
  private static final Set<String> METADATA =
      Set.of("100.100.100.200", "168.63.129.16", "192.0.0.192", "fd00:ec2:0:0:0:0:0:254");

  private static final Set<String> METADATA_NAMES =
      Set.of("metadata.google.internal", "metadata.goog", "metadata", "instance-data");

  /** IPv4 addresses in all forms that resolvers accept: decimal, octal, hexadecimal. */
  private static final Pattern NUMERIC = Pattern.compile("[0-9.]+|(?i)[0-9.]*0x[0-9a-fx.]*");

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
      return;
    }
    if (METADATA_NAMES.contains(name.toLowerCase(Locale.ROOT))) {
      throw refused(name);
    }
    if (name.indexOf(':') >= 0 || NUMERIC.matcher(name).matches()) {
      try {
        // A literal address, so no lookup; a proxy's target is not checked again.
        for (InetAddress address : InetAddress.getAllByName(name)) {
          check(name, address);
        }
      } catch (UnknownHostException e) {
        // Fails when it is connected to.
      }
    }
  }

  /**
   * Checks an address that a host's name resolved to.
   *
   * @throws RefusedUrlException if not
   */
  void check(String host, InetAddress address) {
    if (settings.storeHosts() == null && isRefused(address)) {
      throw refused(host);
    }
  }

  private static RefusedUrlException refused(String host) {
    return new RefusedUrlException(
        "its host "
            + host
            + " is a link-local address or a cloud's metadata service, which no store is; if it is meant, name it in"
            + " the option 'storeHosts'");
  }

  private static boolean isRefused(InetAddress address) {
    if (address.isLinkLocalAddress()) {
      return true;
    }
    String text = address.getHostAddress();
    int zone = text.indexOf('%');
    if (METADATA.contains(zone < 0 ? text : text.substring(0, zone))) {
      return true;
    }
    InetAddress inside = embedded(address.getAddress());
    return inside != null && isRefused(inside);
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
