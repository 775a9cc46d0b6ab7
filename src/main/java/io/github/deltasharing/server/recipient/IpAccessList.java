/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.recipient;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The networks that a client may come from: addresses, and networks such as {@code 203.0.113.0/24}
 * or {@code 2001:db8::/32}. Immutable.
 */
public final class IpAccessList {
  private record Network(InetAddress first, int bits) {
    boolean holds(InetAddress client) {
      byte[] address = first.getAddress();
      byte[] other = client.getAddress();
      if (other.length != address.length) {
        return false;
      }
      for (int bit = 0; bit < bits; bit++) {
        int mask = 0x80 >> (bit & 7);
        if ((address[bit >> 3] & mask) != (other[bit >> 3] & mask)) {
          return false;
        }
      }
      return true;
    }
  }

  private static final String BYTE = "(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";

  /** Addresses as everybody reads them; with a leading zero some read octal numbers. */
  private static final Pattern ADDRESS =
      Pattern.compile(BYTE + "(\\." + BYTE + "){3}|[0-9a-fA-F:]*:[0-9a-fA-F:.]*");

  private final List<Network> networks;

  private IpAccessList(List<Network> networks) {
    this.networks = networks;
  }

  /**
   * A list of these networks.
   *
   * @throws IllegalArgumentException when one of them is none
   */
  public static IpAccessList of(List<String> networks) {
    return new IpAccessList(networks.stream().map(IpAccessList::network).toList());
  }

  private static Network network(String text) {
    String[] parts = text.split("/", 2);
    InetAddress address = address(parts[0]).orElseThrow(() -> new IllegalArgumentException(text));
    int most = address.getAddress().length * 8;
    if (parts.length == 1) {
      return new Network(address, most);
    }
    if (!parts[1].matches("\\d{1,3}") || Integer.parseInt(parts[1]) > most) {
      throw new IllegalArgumentException(text);
    }
    return new Network(address, Integer.parseInt(parts[1]));
  }

  /** An address that is written as one: no name is looked up. */
  static Optional<InetAddress> address(String text) {
    if (!ADDRESS.matcher(text).matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.getByName(text));
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }

  /** Whether a client may come from an address; from any if the list is empty. */
  public boolean permits(Optional<InetAddress> client) {
    return networks.isEmpty() || client.filter(this::holds).isPresent();
  }

  /** Whether an address is in one of the networks. */
  boolean holds(InetAddress address) {
    return networks.stream().anyMatch(network -> network.holds(address));
  }
}
