package io.github.deltasharing.client;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Flow;

/** A response whose headers are here and whose body is read as it comes. To be closed. */
public record TimedResponse(int statusCode, HttpHeaders headers, TimedBody body) {
  /**
   * Sends a request and waits for the headers of its answer.
   *
   * @param pause the longest wait for the next bytes of the body: the option {@code timeout}
   */
  public static TimedResponse send(HttpClient http, HttpRequest request, Duration pause)
      throws IOException, InterruptedException {
    // A body subscriber of our own would be asked for the body in another thread (the JDK does not
    // trust it to be quick), and a connection that dies meanwhile would take the headers, and what
    // came of the body, with it: 1 in 20 of those that die at once.
    HttpResponse<Flow.Publisher<List<ByteBuffer>>> response =
        http.send(request, HttpResponse.BodyHandlers.ofPublisher());
    BodyQueue queue = new BodyQueue(Pace.of(pause));
    response.body().subscribe(queue);
    return new TimedResponse(response.statusCode(), response.headers(), new TimedBody(queue));
  }
}
