/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.protocol.codec;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import io.github.deltasharing.protocol.ChangeFile;
import io.github.deltasharing.protocol.EndStreamAction;
import io.github.deltasharing.protocol.Metadata;
import io.github.deltasharing.protocol.Protocol;
import io.github.deltasharing.protocol.QueryStatus;
import io.github.deltasharing.protocol.ResponseFormat;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Writes a newline-delimited JSON response, one action a line, in one response format; what {@link
 * ActionParser} reads. Fields that a record does not say are left out. Used by one thread; whoever
 * made it closes it, which leaves the stream behind it open.
 */
public final class ActionWriter implements Closeable {
  private static final JsonFactory JSON =
      JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();

  private final JsonGenerator json;
  private final ActionEncoder encoder;

  /**
   * @param out takes UTF-8; written to in pieces of some KiB
   */
  public ActionWriter(OutputStream out, ResponseFormat format) throws IOException {
    json = JSON.createGenerator(out);
    json.setRootValueSeparator(null);
    encoder = ActionEncoder.of(format);
  }

  /** What a client must be able to do. */
  public void protocol(Protocol protocol) throws IOException {
    encoder.protocol(json, protocol);
    endLine();
  }

  /** The table's metadata. */
  public void metadata(Metadata metadata) throws IOException {
    encoder.metadata(json, metadata);
    endLine();
  }

  /**
   * A file of a snapshot.
   *
   * @param file of kind {@link ChangeFile.Kind#ADD}
   */
  public void file(ChangeFile file) throws IOException {
    encoder.file(json, file);
    endLine();
  }

  /** What a commit did with a file: a line of a response about changes. */
  public void change(ChangeFile change) throws IOException {
    encoder.change(json, change);
    endLine();
  }

  /** The last line, the same in both formats. */
  public void endStream(EndStreamAction end) throws IOException {
    json.writeStartObject();
    json.writeObjectFieldStart(FieldNames.END_STREAM_ACTION);
    ActionEncoder.textField(json, FieldNames.REFRESH_TOKEN, end.refreshToken());
    ActionEncoder.textField(json, FieldNames.NEXT_PAGE_TOKEN, end.nextPageToken());
    ActionEncoder.numberField(
        json, FieldNames.MIN_URL_EXPIRATION_TIMESTAMP, end.minUrlExpirationTimestamp());
    ActionEncoder.textField(json, FieldNames.ERROR_MESSAGE, end.errorMessage());
    if (end.httpStatusErrorCode() != null) {
      json.writeNumberField(FieldNames.HTTP_STATUS_ERROR_CODE, end.httpStatusErrorCode());
    }
    json.writeEndObject();
    json.writeEndObject();
    endLine();
  }

  /** The only line of a response whose query is not done, the same in both formats. */
  public void queryStatus(QueryStatus status) throws IOException {
    json.writeStartObject();
    json.writeObjectFieldStart(FieldNames.QUERY_STATUS);
    json.writeStringField(FieldNames.QUERY_ID, status.queryId());
    ActionEncoder.textField(json, FieldNames.STATUS, status.status());
    ActionEncoder.textField(json, FieldNames.ERROR_MESSAGE, status.error());
    json.writeEndObject();
    json.writeEndObject();
    endLine();
  }

  private void endLine() throws IOException {
    json.writeRaw('\n');
  }

  /** Hands all that was written to the stream, and has it hand that on. */
  public void flush() throws IOException {
    json.flush();
  }

  @Override
  public void close() throws IOException {
    json.close();
  }
}
