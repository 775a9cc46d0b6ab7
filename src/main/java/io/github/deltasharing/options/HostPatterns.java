/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.options;

import java.io.Serializable;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Hosts as lists of proxy exceptions name them: names, suffixes, wildcards, addresses and ranges of
 * addresses (CIDR), each with a port or without. No name is resolved: behind a proxy only the proxy
 * may be able to. Immutable, serialisable; a class, not a record, for Kryo.
 */
public final class HostPatterns implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final Pattern WITH_PORT = Pattern.compile("(\\[[^\\]]+\\]|[^:]+):(\\d{1,5})");

  /** In the one form that all read alike; Java would look up {@code 999.0.0.1}. */
  private static final Pattern LITERAL =
      Pattern.compile(
          "(?:OCTET\\.){3}OCTET|.*:.*".replace("OCTET", "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)"));

  private final String text;
  private final boolean namesMeanSuffixes;

  /** Not serialised: parsed again where it arrives. */
  private transient List<Entry> entries;

  /**
   * @param network of a range, or null
   * @param wildcard of a name with asterisks, or null
   * @param port −1 for any
   */
  private record Entry(String name, byte[] network, int bits, Pattern wildcard, int port) {
    static Entry of(String name, int port) {
      Pattern wildcard =
          name.indexOf('*') < 0
              ? null
              : Pattern.compile("\\Q" + name.replace("*", "\\E.*\\Q") + "\\E");
      return new Entry(name, null, 0, wildcard, port);
    }
  }

  private HostPatterns(String text, boolean namesMeanSuffixes) {
    this.text = text;
    this.namesMeanSuffixes = namesMeanSuffixes;
  }

  /** Separated by commas; a name means that host alone, as it does in the upstream connector. */
  static HostPatterns ofOption(String text) {
    return new HostPatterns(text, false);
  }

  /** Of the variable {@code no_proxy}, where a name means all hosts below it too. */
  public static HostPatterns ofEnvironment(String text) {
    return new HostPatterns(text, true);
  }

  /**
   * Whether a host is among them.
   *
   * @param host without brackets
   */
  public boolean match(String host, int port) {
    if (text.isEmpty()) {
      return false;
    }
    String lower = host.toLowerCase(Locale.ROOT);
    String name = lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    byte[] address = address(name);
    for (Entry entry : entries()) {
      boolean portFits = entry.port < 0 || entry.port == port;
      if (portFits && (entry.network != null ? isWithin(address, entry) : fits(name, entry))) {
        return true;
      }
    }
    return false;
  }

  private List<Entry> entries() {
    List<Entry> parsed = entries;
    if (parsed == null) {
      parsed = new ArrayList<>();
      for (String each : text.toLowerCase(Locale.ROOT).split("[,\\s]+")) {
        if (!each.isEmpty()) {
          parsed.add(entry(each));
        }
      }
      entries = parsed;
    }
    return parsed;
  }

  private static Entry entry(String text) {
    Matcher withPort = WITH_PORT.matcher(text);
    String name = withPort.matches() ? withPort.group(1) : text;
    int port = withPort.matches() ? Integer.parseInt(withPort.group(2)) : -1;
    if (name.startsWith("[") && name.endsWith("]")) {
      name = name.substring(1, name.length() - 1);
    }
    int slash = name.indexOf('/');
    byte[] network = address(slash < 0 ? name : name.substring(0, slash));
    if (network == null) {
      return Entry.of(name, port);
    }
    int bits = slash < 0 ? network.length * 8 : bits(name.substring(slash + 1), network);
    return bits < 0 ? Entry.of(name, port) : new Entry(name, network, bits, null, port);
  }

  /** −1 if it is none: the entry then fits no host. */
  private static int bits(String text, byte[] network) {
    try {
      int bits = Integer.parseInt(text);
      return bits >= 0 && bits <= network.length * 8 ? bits : -1;
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  /** A literal address; null for anything else. */
  private static byte[] address(String host) {
    if (!LITERAL.matcher(host).matches()) {
      return null;
    }
    try {
      // A literal is not looked up; one with a colon is an IPv6 address or fails.
      return InetAddress.getByName(host).getAddress();
    } catch (UnknownHostException e) {
      return null;
    }
  }

  private static boolean isWithin(byte[] address, Entry range) {
    if (address == null || address.length != range.network.length) {
      return false;
    }
    for (int i = 0; i < range.bits; i++) {
      int mask = 0x80 >> (i % 8);
      if ((address[i / 8] & mask) != (range.network[i / 8] & mask)) {
        return false;
      }
    }
    return true;
  }

  private boolean fits(String name, Entry entry) {
    String pattern = entry.name;
    if (entry.wildcard != null) {
      return entry.wildcard.matcher(name).matches();
    }
    if (pattern.startsWith(".")) {
      return name.endsWith(pattern) || name.equals(pattern.substring(1));
    }
    return name.equals(pattern) || namesMeanSuffixes && name.endsWith("." + pattern);
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof HostPatterns that
        && text.equals(that.text)
        && namesMeanSuffixes == that.namesMeanSuffixes;
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }
}
