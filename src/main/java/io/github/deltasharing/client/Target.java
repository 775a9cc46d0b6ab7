package io.github.deltasharing.client;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;

/** Where a request goes. Stateless. */
final class Target {
  private Target() {}

  /** Finds a name's address. */
  @FunctionalInterface
  interface Resolver {
    InetAddress resolve(String name) throws IOException;
  }

  /**
   * The URI of a request. A host with an underscore, as containers have, is none to Java's HTTP
   * client: it is asked by its address, which its {@code Host} header then says too.
   *
   * @param path path and query below the endpoint, encoded
   */
  static URI of(URI endpoint, String path, Resolver names) throws IOException {
    if (endpoint.getHost() != null) {
      return URI.create(endpoint + path);
    }
    String authority = endpoint.getRawAuthority();
    int colon = authority.indexOf(':');
    InetAddress address = names.resolve(colon < 0 ? authority : authority.substring(0, colon));
    String host = address.getHostAddress();
    return URI.create(
        endpoint.getScheme()
            + "://"
            + (address instanceof Inet6Address ? "[" + host + "]" : host)
            + (colon < 0 ? "" : authority.substring(colon))
            + endpoint.getRawPath()
            + path);
  }
}
