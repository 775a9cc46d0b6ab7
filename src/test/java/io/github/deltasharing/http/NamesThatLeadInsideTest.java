/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.deltasharing.options.SharingReadConf;
import io.github.deltasharing.testing.SocketServer;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A store's name that its owner lets resolve to this machine or to a metadata service, at once or
 * from the second lookup on. Java takes names from a file only from its start on, so a JVM of its
 * own requests them.
 */
@Tag("unit")
class NamesThatLeadInsideTest {
  @TempDir Path directory;

  @Test
  void noConnectionIsMadeThere() throws Exception {
    try (SocketServer inside =
        new SocketServer(
            connection -> {
              SocketServer.head(connection);
              SocketServer.send(
                  connection,
                  "HTTP/1.1 206 Partial Content\nContent-Length: 5\nConnection: close\n\nhello");
            })) {
      Path hosts = Files.createFile(directory.resolve("hosts"));
      Path out = directory.resolve("out");
      Process child =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Djdk.net.hosts.file=" + hosts,
                  "-Dsun.net.inetaddr.ttl=0",
                  "-XX:TieredStopAtLevel=1",
                  "-cp",
                  System.getProperty("java.class.path"),
                  Requests.class.getName(),
                  hosts.toString(),
                  "" + inside.port())
              .redirectErrorStream(true)
              .redirectOutput(out.toFile())
              .start();
      try {
        assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
      } finally {
        child.destroyForcibly();
      }
      assertThat(Files.readString(out).lines())
          .containsExactly(
              "to 127.0.0.1: refused",
              "to 127.1.2.3: refused",
              "to 0.0.0.0: refused",
              "to ::1: refused",
              "to ::ffff:127.0.0.1: refused",
              "to 169.254.169.254: refused",
              "to fd00:ec2:0:0:0:0:0:254: refused",
              "checked by its first address, connected by its second: refused",
              "where the server is on this machine: read");
      assertThat(inside.connections()).as("the last one's").isEqualTo(1);
    }
  }

  /** What the other JVM does. */
  static final class Requests {
    private static final String NAME = "store.example";

    private final Path hosts;
    private final String port;

    private Requests(String[] args) {
      this.hosts = Path.of(args[0]);
      this.port = args[1];
    }

    public static void main(String[] args) throws IOException {
      Requests requests = new Requests(args);
      for (String address :
          new String[] {
            "127.0.0.1",
            "127.1.2.3",
            "0.0.0.0",
            "::1",
            "::ffff:127.0.0.1",
            "169.254.169.254",
            "fd00:ec2:0:0:0:0:0:254"
          }) {
        requests.resolveTo(address);
        requests.get("to " + address, false);
      }
      requests.resolveTo("198.51.100.1");
      new StoreHosts(SharingReadConf.defaults().http()).check(NAME, InetAddress.getByName(NAME));
      requests.resolveTo("127.0.0.1");
      requests.get("checked by its first address, connected by its second", false);
      requests.get("where the server is on this machine", true);
    }

    private void resolveTo(String address) throws IOException {
      Files.writeString(hosts, address + " " + NAME + "\n");
    }

    private void get(String what, boolean loopbackStores) {
      String result;
      try {
        HttpResponse response =
            RangeClient.of(
                    new SharingReadConf(Map.of("timeout", "2s"), name -> null)
                        .http()
                        .withLoopbackStores(loopbackStores))
                .get(HttpUrl.of("http://" + NAME + ":" + port + "/f"), 0, 5, "t");
        response.body().close();
        result = "read";
      } catch (RefusedUrlException e) {
        result = "refused";
      } catch (IOException e) {
        result = e.toString();
      }
      System.out.println(what + ": " + result);
    }
  }
}
