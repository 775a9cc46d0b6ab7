package io.github.deltasharing.transport;

import java.io.IOException;
import java.io.InputStream;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;

/** An answer whose head is here, and whose body is read as it comes. To be closed, by its body. */
public final class RangeResponse {
  private final ClassicHttpResponse response;
  private final RangeBody body;
  private final boolean firstOfConnection;

  private RangeResponse(ClassicHttpResponse response, RangeBody body, boolean firstOfConnection) {
    this.response = response;
    this.body = body;
    this.firstOfConnection = firstOfConnection;
  }

  static RangeResponse of(
      Connection connection,
      ClassicHttpRequest request,
      ClassicHttpResponse response,
      IdleConnections idle)
      throws IOException {
    HttpEntity entity = response.getEntity();
    InputStream bytes = entity == null ? InputStream.nullInputStream() : entity.getContent();
    boolean kept = connection.staysOpen(request, response);
    return new RangeResponse(
        response, new RangeBody(connection, bytes, kept ? idle : null), connection.isNew());
  }

  public int statusCode() {
    return response.getCode();
  }

  /** A header's value, its first if there are several; null for none. */
  public String header(String name) {
    Header header = response.getFirstHeader(name);
    return header == null ? null : header.getValue();
  }

  /** Where it redirects to; null for an answer that does not. */
  String location() {
    return switch (response.getCode()) {
      case 301, 302, 303, 307, 308 -> header("Location");
      default -> null;
    };
  }

  /** Whether the connection was opened for it. */
  public boolean isFirstOfConnection() {
    return firstOfConnection;
  }

  /** What the header Content-Length says; −1 where there is none. */
  public long contentLength() {
    HttpEntity entity = response.getEntity();
    return entity == null ? 0 : entity.getContentLength();
  }

  public RangeBody body() {
    return body;
  }
}
