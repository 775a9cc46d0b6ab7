/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.reload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.deltasharing.server.config.ConfigException;
import io.github.deltasharing.server.config.ShareConfig;
import io.github.deltasharing.server.config.TlsConfig;
import io.github.deltasharing.server.http.TlsContext;
import io.github.deltasharing.testing.TestCertificates;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A certificate whose files get another one. */
@Tag("unit")
class TlsReloadTest {
  @TempDir Path directory;

  private static void copy(List<Path> from, List<Path> to) throws Exception {
    for (int i = 0; i < from.size(); i++) {
      Files.copy(from.get(i), to.get(i), StandardCopyOption.REPLACE_EXISTING);
    }
  }

  @Test
  void theNewCertificateIsServedAndOneThatIsBrokenIsNot() throws Exception {
    TestCertificates authority = new TestCertificates();
    List<Path> first = authority.serverPems(Files.createDirectory(directory.resolve("1")), "a");
    List<Path> second = authority.serverPems(Files.createDirectory(directory.resolve("2")), "b");
    List<Path> served = List.of(directory.resolve("cert.pem"), directory.resolve("key.pem"));
    copy(first, served);
    TlsConfig tls = TlsConfig.ofFiles(served.get(0), served.get(1));
    SslContextFactory.Server context = TlsContext.of(tls, "localhost");
    context.start();
    ShareConfig config = ShareConfig.builder().allowAnonymous(true).build();
    TlsReload reload = new TlsReload(context, tls, "localhost");
    var before = context.getKeyStore().getCertificate("server");
    Files.writeString(served.get(0), "no certificate");
    assertThatThrownBy(() -> reload.prepare(config))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("ssl");
    assertThat(context.getKeyStore().getCertificate("server")).isEqualTo(before);
    copy(second, served);
    reload.prepare(config).run();
    var after = context.getKeyStore().getCertificate("server");
    assertThat(after).isNotEqualTo(before);
    assertThat(context.getSslContext()).isNotNull();
    assertThat(context.isStarted()).isTrue();
    context.stop();
  }
}
