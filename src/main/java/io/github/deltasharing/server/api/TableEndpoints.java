package io.github.deltasharing.server.api;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.deltasharing.protocol.Capabilities;
import io.github.deltasharing.server.ActionWriter;
import io.github.deltasharing.server.AnswerFormat;
import io.github.deltasharing.server.ClientCapabilities;
import io.github.deltasharing.server.NdjsonAnswer;
import io.github.deltasharing.server.delta.TableSnapshot;
import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.server.http.Exchange;
import io.github.deltasharing.server.share.SharedTable;
import io.github.deltasharing.server.storage.FileIdScheme;
import io.github.deltasharing.server.table.TableVersions;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;

/** Answers for a table's version and metadata. Safe for use by several threads. */
public final class TableEndpoints {
  static final String VERSION_HEADER = "Delta-Table-Version";

  private final TableVersions versions;

  public TableEndpoints(TableVersions versions) {
    this.versions = versions;
  }

  void version(
      SharedTable table, Request request, Fields query, Response response, Callback callback) {
    long version = versions.number(table, Optional.ofNullable(query.getValue("startingTimestamp")));
    Exchange.of(request).version(version);
    response.setStatus(200);
    response.getHeaders().put(VERSION_HEADER, version);
    response.write(true, null, callback);
  }

  void metadata(
      SharedTable table, Request request, Fields query, Response response, Callback callback)
      throws IOException {
    OptionalLong version = version(query.getValue("version"));
    Optional<String> timestamp = Optional.ofNullable(query.getValue("timestamp"));
    if (version.isPresent() && timestamp.isPresent()) {
      throw ServerError.invalid("version and timestamp exclude each other: give one of them");
    }
    ClientCapabilities client = capabilities(request);
    TableSnapshot snapshot = versions.find(table, version, timestamp);
    AnswerFormat format = AnswerFormat.negotiate(snapshot, client);
    head(request, response, snapshot.version(), client, format);
    NdjsonAnswer answer = new NdjsonAnswer(response);
    ActionWriter writer = ActionWriter.of(format);
    writer.protocol(answer.json(), snapshot.protocol(), OptionalLong.empty());
    answer.endLine();
    OptionalLong named =
        version.isPresent() || timestamp.isPresent()
            ? OptionalLong.of(snapshot.version())
            : OptionalLong.empty();
    writer.metadata(answer.json(), snapshot.metadata(), named, snapshot.size());
    answer.endLine();
    if (client.includeEndStreamAction()) {
      JsonGenerator json = answer.json();
      json.writeStartObject();
      json.writeObjectFieldStart("endStreamAction");
      json.writeEndObject();
      json.writeEndObject();
      answer.endLine();
    }
    answer.finish();
    callback.succeeded();
  }

  /** What the client said that it can read. */
  static ClientCapabilities capabilities(Request request) {
    return ClientCapabilities.parse(request.getHeaders().get(ClientCapabilities.HEADER));
  }

  /** Sets the headers that every answer about a table has, and notes them for the log. */
  static void head(
      Request request,
      Response response,
      long version,
      ClientCapabilities client,
      AnswerFormat format) {
    FileIdScheme.of(request)
        .answerHeader()
        .ifPresent(scheme -> response.getHeaders().put(Capabilities.FILE_IDS_HEADER, scheme));
    response.getHeaders().put(VERSION_HEADER, version);
    response.getHeaders().put(ClientCapabilities.HEADER, client.answerHeader(format));
    Exchange exchange = Exchange.of(request);
    exchange.version(version);
    exchange.format(format.wireName());
  }

  private static OptionalLong version(String text) {
    if (text == null) {
      return OptionalLong.empty();
    }
    if (!text.matches("\\d{1,18}")) {
      throw ServerError.invalid("version must be a whole number, 0 or more");
    }
    return OptionalLong.of(Long.parseLong(text));
  }
}
