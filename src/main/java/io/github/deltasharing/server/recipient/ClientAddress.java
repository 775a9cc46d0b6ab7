/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.recipient;

import io.github.deltasharing.server.config.ConfigException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;

/**
 * Where a client is: the address of the connection, or what trusted proxies say of it. What others
 * write into {@code X-Forwarded-For} counts for nothing. Other proxies may be trusted while the
 * server runs. Safe for use by several threads.
 */
public final class ClientAddress {
  private static final Pattern ADDRESS_AND_PORT =
      Pattern.compile("\\[([0-9a-fA-F:.]+)](?::\\d{1,5})?|([0-9.]+):\\d{1,5}");

  private static final int IPV4 = 4;
  private static final int IPV6_NETWORK = 8;

  private volatile IpAccessList proxies;

  /**
   * Trusts proxies.
   *
   * @throws ConfigException when one of the networks is none
   */
  public ClientAddress(List<String> trustedProxies) {
    replace(trustedProxies);
  }

  /**
   * Trusts these proxies from now on, and no others.
   *
   * @throws ConfigException when one of the networks is none; nothing changes then
   */
  public void replace(List<String> trustedProxies) {
    proxies = check(trustedProxies);
  }

  /**
   * The networks of proxies.
   *
   * @throws ConfigException when one of them is none
   */
  public static IpAccessList check(List<String> trustedProxies) {
    try {
      return IpAccessList.of(trustedProxies);
    } catch (IllegalArgumentException e) {
      throw new ConfigException(
          "trustedProxies has '" + e.getMessage() + "': it must have addresses and networks", e);
    }
  }

  /** The address as text; that of the connection if no other can be believed. */
  public String text(Request request) {
    return of(request)
        .map(InetAddress::getHostAddress)
        .orElseGet(() -> Request.getRemoteAddr(request));
  }

  /** The address, if there is one that can be believed. */
  public Optional<InetAddress> of(Request request) {
    return of(
        Request.getRemoteAddr(request),
        request.getHeaders().getValuesList(HttpHeader.X_FORWARDED_FOR));
  }

  /**
   * Whom to count a client as: its address, or of IPv6 the network of 64 bits, of which one client
   * has all.
   */
  public String network(Request request) {
    Optional<InetAddress> address = of(request);
    if (address.isEmpty()) {
      return "unknown";
    }
    byte[] bytes = address.get().getAddress();
    return bytes.length <= IPV4
        ? address.get().getHostAddress()
        : HexFormat.ofDelimiter(":").formatHex(bytes, 0, IPV6_NETWORK) + "::/64";
  }

  /** From the nearest hop on, as long as those who say it are trusted. */
  Optional<InetAddress> of(String peer, List<String> forwarded) {
    List<String> hops = new ArrayList<>();
    for (String value : forwarded) {
      hops.addAll(List.of(value.split(",", -1)));
    }
    Optional<InetAddress> address = IpAccessList.address(peer.replaceAll("[\\[\\]]|%.*", ""));
    for (int i = hops.size() - 1; i >= 0 && address.filter(proxies::holds).isPresent(); i--) {
      address = IpAccessList.address(withoutPort(hops.get(i).strip()));
    }
    return address;
  }

  /** Some proxies write the port of the client too, and IPv6 addresses in brackets. */
  private static String withoutPort(String hop) {
    Matcher matcher = ADDRESS_AND_PORT.matcher(hop);
    if (!matcher.matches()) {
      return hop;
    }
    return matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
  }
}
