package io.github.deltasharing.server.storage;

import io.github.deltasharing.server.config.ServerSettings;
import io.github.deltasharing.server.share.SharedTable;
import java.time.Clock;
import org.eclipse.jetty.server.Request;

/** Starts the URLs of an answer: where they lead and when they expire. Safe for several threads. */
public record UrlIssuer(UrlSigner signer, ServerSettings settings, Clock clock) {

  /** The URLs of an answer that starts now, on the host that the request named. */
  public FileUrls start(Request request, SharedTable table) {
    return new FileUrls(
        signer,
        origin(request),
        table,
        clock.instant().plusSeconds(settings.preSignedUrlTimeoutSeconds()),
        FileIdScheme.of(request));
  }

  /** Scheme by the connection, authority as the client named it. */
  private static String origin(Request request) {
    String host = Request.getServerName(request);
    int port = Request.getServerPort(request);
    boolean standard = port == (request.isSecure() ? 443 : 80);
    return (request.isSecure() ? "https://" : "http://") + host + (standard ? "" : ":" + port);
  }
}
