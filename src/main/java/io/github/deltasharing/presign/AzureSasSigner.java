/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.presign;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.util.Base64;
import java.util.regex.Pattern;
import javax.crypto.Mac;

/**
 * Signs signatures of one container that end at the same time. Keeps a MAC's state: for one thread
 * at a time.
 */
public final class AzureSasSigner {
  private static final Pattern EDGES = Pattern.compile("^/+|/+$");

  /** Without a snapshot, an encryption scope and the five headers that a response could get. */
  private static final String END_OF_TEXT = "\n".repeat(7);

  private final AzureContainer container;
  private final Instant expiry;
  private final Mac mac;

  /** Only the emulator has no TLS. */
  private final String protocols;

  /** Who signs, as lines of the text to sign and as parameters. */
  private final String signerText;

  private final String signerParameters;

  AzureSasSigner(AzureContainer container, AzureSigningKey key, Instant expiry, Mac mac) {
    this.container = container;
    this.expiry = expiry;
    this.mac = mac;
    this.protocols = container.isSecure() ? "https" : "https,http";
    if (key instanceof UserDelegationKey user) {
      String start = user.start().toString();
      String end = user.expiry().toString();
      // Last: no other user who must ask, none who is preauthorised, no correlation id.
      this.signerText =
          String.join(
              "\n",
              user.objectId(),
              user.tenantId(),
              start,
              end,
              user.service(),
              user.version(),
              "",
              "",
              "");
      this.signerParameters =
          parameter("skoid", user.objectId())
              + parameter("sktid", user.tenantId())
              + parameter("skt", start)
              + parameter("ske", end)
              + parameter("sks", user.service())
              + parameter("skv", user.version());
    } else {
      // No stored policy.
      this.signerText = "";
      this.signerParameters = "";
    }
  }

  private static String parameter(String name, String value) {
    return "&" + name + "=" + UriEncoding.component(value);
  }

  /** When the signatures end: not after the requested time, and maybe before. */
  public Instant expiry() {
    return expiry;
  }

  /**
   * A URL to read a blob with.
   *
   * @param path the blob's name, as it is
   */
  public String get(String path) {
    if (path.isEmpty()) {
      throw new IllegalArgumentException("A blob's name is empty");
    }
    String url = container.origin() + "/" + container.name() + "/" + UriEncoding.path(path);
    return url + "?" + token("r", "b", path, "");
  }

  /**
   * A token to read and list all that is in a directory with, for accounts with a hierarchical
   * namespace. Put behind any URL of the container's it permits what is in the directory.
   *
   * @param directory its path in the container, as it is; empty for the container's root
   */
  public String directory(String directory) {
    String path = EDGES.matcher(directory).replaceAll("");
    long depth = path.isEmpty() ? 0 : path.chars().filter(c -> c == '/').count() + 1;
    return token("rl", "d", path, parameter("sdd", String.valueOf(depth)));
  }

  private String token(String permissions, String type, String path, String more) {
    String end = expiry.toString();
    String text =
        String.join(
            "\n",
            permissions,
            "", // valid from now on, by Azure's clock
            end,
            container.resource(path),
            signerText,
            "", // from any address
            protocols,
            AzureSas.VERSION,
            type + END_OF_TEXT);
    String signature = Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(UTF_8)));
    return "sp="
        + permissions
        + parameter("se", end)
        + signerParameters
        + parameter("spr", protocols)
        + parameter("sv", AzureSas.VERSION)
        + parameter("sr", type)
        + more
        + parameter("sig", signature);
  }
}
