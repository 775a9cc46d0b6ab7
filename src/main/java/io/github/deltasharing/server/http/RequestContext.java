/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.deltasharing.server.auth.Principal;
import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.server.http.AccessRecord.Sender;
import io.github.deltasharing.server.http.AccessRecord.Target;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.Request;

/**
 * What is noted about one request while it is served, to become its {@link AccessRecord}, and what
 * its client still owes: the rest of the body, the reading of the response. Handled by one thread
 * at a time, except for what {@link RunningRequests} calls.
 */
public final class RequestContext {
  public static final String REQUEST_ID = "x-request-id";

  /** No time limit. */
  static final long NEVER = 0;

  private static final String ATTRIBUTE = RequestContext.class.getName();
  private static final List<String> LEVELS = List.of("share", "schema", "table");
  private static final Pattern SANE_ID = Pattern.compile("[A-Za-z0-9._:-]{1,128}");
  private static final int LONGEST_USER_AGENT = 200;
  private static final Pattern SANE_RANGE = Pattern.compile("[A-Za-z0-9=, -]{1,256}");

  private final Request request;
  private final Instant time = Instant.now();
  private final long startNanos = System.nanoTime();
  private final String requestId;
  private final AtomicBoolean recorded = new AtomicBoolean();

  private final List<Runnable> whenOver = new ArrayList<>();
  private volatile Backlog backlog;
  private volatile long bodyDeadline = NEVER;
  private volatile CutReason cut;
  private volatile RecordedResponse response;

  private byte[] body = {};
  private Principal principal;
  private String endpoint = "unknown";
  private String table = "";
  private long version = -1;
  private String format = "";
  private long files = -1;
  private long skippedFiles = -1;
  private String file = "";
  private String granted = "";
  private String errorCode = "";
  private Principal issuedTo;
  private String senderName = "";
  private String address;
  private List<Target> targets = List.of();
  private String change = "";
  private Function<ServerError, JsonNode> errorBody = JsonResponses::errorBody;

  private RequestContext(Request request) {
    this.request = request;
    String given = request.getHeaders().get(REQUEST_ID);
    requestId =
        given != null && SANE_ID.matcher(given).matches() ? given : UUID.randomUUID().toString();
  }

  /** Starts the context of a request and keeps it with the request. */
  public static RequestContext start(Request request) {
    RequestContext context = new RequestContext(request);
    request.setAttribute(ATTRIBUTE, context);
    return context;
  }

  /** The context of a request. */
  public static RequestContext of(Request request) {
    return (RequestContext) request.getAttribute(ATTRIBUTE);
  }

  public String requestId() {
    return requestId;
  }

  /** Who sent the request, once that is known. */
  public void principal(Principal sender) {
    principal = sender;
  }

  public Principal principal() {
    return principal;
  }

  /** Who sent the request, and how that is called. */
  public void sender(Principal sender, String name) {
    principal = sender;
    senderName = name;
  }

  /** Whom a signed URL was given to, which anybody may send who has it. */
  public void issuedTo(Principal owner) {
    issuedTo = owner;
  }

  /** Where the client is, if that is not where the connection comes from. */
  public void address(String resolved) {
    address = resolved;
  }

  /** What the request reads or changes. */
  public void targets(List<Target> named) {
    targets = List.copyOf(named);
  }

  /** What it changes, in short and without any secret. */
  public void change(String summary) {
    change = summary;
  }

  public void endpoint(String name) {
    endpoint = name;
  }

  /** Share, schema and table, as many of them as the request names. */
  public void table(List<String> names) {
    table = String.join(".", names);
    List<Target> named = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      named.add(new Target(LEVELS.get(i), names.get(i)));
    }
    targets = List.copyOf(named);
  }

  public void version(long tableVersion) {
    version = tableVersion;
  }

  public void format(String responseFormat) {
    format = responseFormat;
  }

  public void files(long listed, long skipped) {
    files = listed;
    skippedFiles = skipped;
  }

  public void file(String relativePath) {
    file = relativePath;
  }

  /** A credential that the response has: what it opens, and until when. */
  public void granted(String directory, Instant end) {
    granted = directory + " until " + end;
  }

  /** Refusals are written by this from now on, not as the Delta Sharing protocol has them. */
  public void errorBody(Function<ServerError, JsonNode> writer) {
    errorBody = writer;
  }

  JsonNode errorBody(ServerError error) {
    return errorBody.apply(error);
  }

  public void errorCode(String code) {
    errorCode = code;
  }

  /** The response whose status and bytes become part of the record. */
  void response(RecordedResponse recorded) {
    response = recorded;
  }

  /** The rate at which the client has to take the response. */
  public void backlog(Backlog limit) {
    backlog = limit;
  }

  /** A part of the response is handed to the network. */
  void writing(long bytes) {
    if (backlog != null) {
      backlog.writing(System.nanoTime(), bytes);
    }
  }

  /** The network took it. */
  void written() {
    if (backlog != null) {
      backlog.written(System.nanoTime());
    }
  }

  /** Until when the body has to be here, in {@link System#nanoTime}. */
  void readUntil(long deadline) {
    bodyDeadline = deadline;
  }

  /** Fails the pending read or write if the client is too slow. Any thread may call this. */
  void endIfSlow(long now) {
    long deadline = bodyDeadline;
    if (deadline != NEVER && now - deadline > 0) {
      bodyDeadline = NEVER;
      request.fail(new TimeoutException("The request's body did not come in time"));
      return;
    }
    Backlog limit = backlog;
    if (limit != null && limit.isTooLong(now)) {
      cut(CutReason.SLOW);
      request.fail(new TimeoutException("The client reads the response too slowly"));
    }
  }

  /** The request's body, once it was read. */
  public void body(byte[] bytes) {
    body = bytes;
  }

  public byte[] body() {
    return body;
  }

  /** The connection that the request came on. */
  Connection connection() {
    return request.getConnectionMetaData().getConnection();
  }

  /** Who shares limits with whom: a recipient, or a token that many may have at one address. */
  public String client() {
    return principal != null && principal.oneClient()
        ? principal.id()
        : principalId() + '@' + resolvedAddress();
  }

  private String resolvedAddress() {
    return address == null ? Request.getRemoteAddr(request) : address;
  }

  private String principalId() {
    return principal == null ? "" : principal.id();
  }

  /** Notes why the response ends before its end; the first reason counts. */
  public void cut(CutReason reason) {
    if (cut == null) {
      cut = reason;
    }
  }

  /** Whether something ended the response already. */
  public boolean isCut() {
    return cut != null;
  }

  /** Runs something when the request is over. */
  public void whenOver(Runnable action) {
    whenOver.add(action);
  }

  /** The request is over: called once, by what ended it. */
  public void over() {
    whenOver.forEach(Runnable::run);
  }

  /** Makes the record of a request that the server's stop left without one. */
  void recordCut() {
    RecordedResponse recorded = response;
    if (recorded != null) {
      recorded.record();
    }
  }

  /** Hands the record over, the first time that it is called. */
  void record(int status, long bytes, Consumer<AccessRecord> observer) {
    if (!recorded.compareAndSet(false, true)) {
      return;
    }
    String range = request.getHeaders().get(HttpHeader.RANGE);
    observer.accept(
        new AccessRecord(
            time,
            (System.nanoTime() - startNanos) / 1_000_000,
            Request.getRemoteAddr(request),
            principalId(),
            request.getMethod(),
            endpoint,
            table,
            version,
            format,
            files,
            skippedFiles,
            file,
            range != null && SANE_RANGE.matcher(range).matches() ? range : "",
            granted,
            bytes,
            status,
            errorCode,
            cut == null ? "" : cut.logName(),
            requestId,
            sender(),
            targets,
            change));
  }

  private Sender sender() {
    String agent = request.getHeaders().get(HttpHeader.USER_AGENT);
    return new Sender(
        principal == null && issuedTo != null ? issuedTo.id() : principalId(),
        senderName,
        resolvedAddress(),
        agent == null ? "" : agent.substring(0, Math.min(agent.length(), LONGEST_USER_AGENT)));
  }
}
