/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.storage;

import io.github.deltasharing.server.auth.Principal;
import io.github.deltasharing.server.config.ServerLimits;
import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.server.http.Backlog;
import io.github.deltasharing.server.http.RequestContext;
import io.github.deltasharing.server.http.RequestFailures;
import io.github.deltasharing.server.share.IcebergLocation;
import io.github.deltasharing.server.share.ShareViews;
import io.github.deltasharing.server.share.SharedTable;
import io.github.deltasharing.server.share.TablePlaces;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.eclipse.jetty.http.content.ResourceHttpContent;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.ResourceService;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.eclipse.jetty.util.resource.Resource;
import org.eclipse.jetty.util.resource.ResourceFactory;

/**
 * Serves the files behind signed URLs: GET and HEAD, ranges, conditional requests, streamed. The
 * bytes are Jetty's {@link ResourceService}'s work; what may be served is decided here. Safe for
 * use by several threads.
 */
public final class FilesHandler {
  private static final int TABLE_SEGMENTS = 3;

  private static final int BUFFER_BYTES = ServerLimits.FILE_BUFFER_BYTES;
  private static final int SMALL_BUFFER_BYTES = 8 << 10;

  private static final ByteBufferPool.Sized BUFFERS = buffers(BUFFER_BYTES);

  /** For many slow readers at once, each of which takes one. */
  private static final ByteBufferPool.Sized SMALL_BUFFERS = buffers(SMALL_BUFFER_BYTES);

  private final ShareViews shares;
  private final TablePlaces places;
  private final LocalUrlSigner signer;
  private final ServerLimits limits;
  private final AtomicInteger running = new AtomicInteger();
  private final ResourceService service = new QuietResourceService();

  /**
   * @param places finds the directories of tables whose locations are none
   */
  public FilesHandler(
      ShareViews shares, TablePlaces places, LocalUrlSigner signer, ServerLimits limits) {
    this.shares = shares;
    this.places = places;
    this.signer = signer;
    this.limits = limits;
    service.setEtags(true);
    service.setAcceptRanges(true);
    service.setDirAllowed(false);
    service.setCacheControl("private, no-transform");
  }

  /**
   * Serves a file and completes the callback.
   *
   * @param rawPath the path below the files' own, still encoded: share/schema/table/path
   * @throws ServerError when the URL is not one that may be served
   */
  public void handle(Request request, Response response, Callback callback, String rawPath) {
    RequestContext context = RequestContext.of(request);
    context.endpoint("file");
    context.backlog(new Backlog(limits.fileRate(), limits.fileGrace()));
    String method = request.getMethod();
    if (!HttpMethod.GET.is(method) && !HttpMethod.HEAD.is(method)) {
      response.getHeaders().put(HttpHeader.ALLOW, "GET, HEAD");
      throw new ServerError(
          405, ServerError.UNSUPPORTED_OPERATION, "Files are served to GET and HEAD only");
    }
    List<String> segments = PathSegments.decodeAll(rawPath);
    // A slash inside a segment was encoded: no file that we sign has one.
    List<String> names =
        segments.subList(Math.min(TABLE_SEGMENTS, segments.size()), segments.size());
    String relativePath =
        names.stream().anyMatch(name -> name.indexOf('/') >= 0) ? "" : String.join("/", names);
    Fields query = Request.extractQueryParameters(request);
    // Before names are looked up: without a signature, those that exist are as good as others.
    signer.check(
        String.join("/", segments.subList(0, Math.min(TABLE_SEGMENTS, segments.size()))),
        relativePath,
        parameter(query, LocalUrlSigner.PRINCIPAL),
        parameter(query, LocalUrlSigner.EXPIRES),
        parameter(query, LocalUrlSigner.SIGNATURE));
    Principal owner = new Principal(parameter(query, LocalUrlSigner.PRINCIPAL));
    context.issuedTo(owner);
    context.table(segments.subList(0, TABLE_SEGMENTS));
    SharedTable table = shares.of(owner).table(segments.get(0), segments.get(1), segments.get(2));
    context.table(List.of(table.share(), table.schema(), table.name()));
    context.file(relativePath);
    Path file = file(table, relativePath);
    context.whenOver(running::decrementAndGet);
    boolean few = running.incrementAndGet() <= limits.fileBuffers();
    DataFileContent content =
        new DataFileContent(
            ResourceFactory.root().newResource(file), few ? BUFFERS : SMALL_BUFFERS);
    service.doGet(withoutStaleRange(request, content), response, callback, content);
  }

  private Path file(SharedTable table, String relativePath) {
    SharedTable placed = places.placed(table);
    return placed.location().equals(table.location())
        ? DataFiles.resolve(table, relativePath)
        : DataFiles.resolve(placed, relativePath, IcebergLocation.METADATA);
  }

  /** Pooled and outside of the heap; by default Jetty allocates small ones in the heap. */
  private static ByteBufferPool.Sized buffers(int bytes) {
    return new ByteBufferPool.Sized(new ArrayByteBufferPool(0, bytes, bytes), true, bytes);
  }

  /** If-Range: a range of another state of the file becomes the whole of this one. */
  private static Request withoutStaleRange(Request request, DataFileContent content) {
    String condition = request.getHeaders().get(HttpHeader.IF_RANGE);
    if (condition == null
        || condition.equals(content.getETagValue())
        || condition.equals(content.getLastModified().getValue())) {
      return request;
    }
    HttpFields headers = HttpFields.build(request.getHeaders()).remove(HttpHeader.RANGE);
    return new Request.Wrapper(request) {
      @Override
      public HttpFields getHeaders() {
        return headers;
      }
    };
  }

  private static String parameter(Fields query, String name) {
    String value = query.getValue(name);
    return value == null ? "" : value;
  }

  /** Fails as all requests do: Jetty would log the URL, and the signature with it. */
  private static final class QuietResourceService extends ResourceService {
    @Override
    protected void writeHttpError(
        Request request, Response response, Callback callback, Throwable cause) {
      RequestFailures.fail(request, response, callback, cause);
    }
  }

  /** A data file with a strong entity tag: files of a Delta table never change in place. */
  private static final class DataFileContent extends ResourceHttpContent {
    private final HttpField etag;

    DataFileContent(Resource resource, ByteBufferPool.Sized buffers) {
      super(resource, "application/octet-stream", buffers);
      this.etag =
          new PreEncodedHttpField(
              HttpHeader.ETAG,
              String.format(
                  Locale.ROOT,
                  "\"%x-%x\"",
                  resource.length(),
                  resource.lastModified().toEpochMilli()));
    }

    @Override
    public HttpField getETag() {
      return etag;
    }
  }
}
