/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.http;

import io.github.deltasharing.annotation.PublicApi;
import java.time.Instant;
import java.util.List;

/**
 * One request as the access log has it. Holds no token, no signature and no query string, so it may
 * be kept and printed. Text that does not apply is empty, a number that does not apply is -1.
 * Immutable.
 *
 * @param time when the request came
 * @param durationMillis from then until the last of the response was handed to the network
 * @param client the client's address
 * @param principal a fingerprint of the token, the same for the same token; {@code anonymous}, or
 *     empty for requests that were not authenticated (as those of signed URLs of files)
 * @param method the HTTP method
 * @param endpoint the endpoint's name, such as {@code query} or {@code file}
 * @param table {@code share.schema.table}, or as much of it as the request names
 * @param version the table's version in the response
 * @param format {@code parquet} or {@code delta}
 * @param files the files in the response
 * @param skippedFiles the files that hints kept out of the response
 * @param file for {@code file}, the data file's path in the table
 * @param range for {@code file}, the Range header
 * @param granted for {@code credentials}, the directory that the credential opens, and until when
 * @param bytes the body's bytes on the wire
 * @param status the HTTP status
 * @param errorCode the protocol's error code
 * @param cut why the response ended before its end: {@code client} (it left), {@code slow} (it read
 *     too slowly), {@code stop} (of the server) or {@code error}; empty for a whole response
 * @param requestId the id that the response carries as {@code x-request-id}
 * @param sender who sent it, as an audit has it
 * @param targets what it reads or changes
 * @param change what it changes, in short: names of fields, and values that are names themselves
 */
@PublicApi
public record AccessRecord(
    Instant time,
    long durationMillis,
    String client,
    String principal,
    String method,
    String endpoint,
    String table,
    long version,
    String format,
    long files,
    long skippedFiles,
    String file,
    String range,
    String granted,
    long bytes,
    int status,
    String errorCode,
    String cut,
    String requestId,
    Sender sender,
    List<Target> targets,
    String change) {
  /** Copies the list. */
  public AccessRecord {
    targets = List.copyOf(targets);
  }

  /**
   * Who sent a request. Immutable.
   *
   * @param principal as the record's, and for the signed URL of a file whom it was given to
   * @param name of the recipient, or of the principal of the admin API; empty if not known
   * @param address the client's address, as trusted proxies say it
   * @param userAgent the header User-Agent, cut short
   */
  public record Sender(String principal, String name, String address, String userAgent) {
    /** Nobody who is known. */
    public static final Sender UNKNOWN = new Sender("", "", "", "");
  }

  /**
   * Something that a request reads or changes. Immutable.
   *
   * @param type {@code share}, {@code schema}, {@code table}, {@code recipient}, {@code principal}
   *     or {@code publication}
   * @param name its name, as the request has it
   * @param change what is done with it, if that is more than what the request does; or empty
   */
  public record Target(String type, String name, String change) {
    /** Without more to say. */
    public Target(String type, String name) {
      this(type, name, "");
    }
  }

  /** The record as one line of {@code key=value}, values quoted where they need it. */
  public String toLogLine() {
    StringBuilder line = new StringBuilder(256);
    append(line, "time", time.toString());
    append(line, "duration_ms", Long.toString(durationMillis));
    append(line, "client", client);
    append(line, "principal", principal);
    append(line, "method", method);
    append(line, "endpoint", endpoint);
    append(line, "table", table);
    append(line, "version", version < 0 ? "" : Long.toString(version));
    append(line, "format", format);
    append(line, "files", files < 0 ? "" : Long.toString(files));
    append(line, "skipped_files", skippedFiles < 0 ? "" : Long.toString(skippedFiles));
    append(line, "file", file);
    append(line, "range", range);
    append(line, "granted", granted);
    append(line, "bytes", Long.toString(bytes));
    append(line, "status", Integer.toString(status));
    append(line, "error", errorCode);
    append(line, "cut", cut);
    append(line, "request_id", requestId);
    return line.toString();
  }

  private static void append(StringBuilder line, String key, String value) {
    if (value.isEmpty()) {
      return;
    }
    line.append(line.isEmpty() ? "" : " ").append(key).append('=');
    if (value.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '"' && c != '\\')) {
      line.append(value);
      return;
    }
    line.append('"');
    value
        .chars()
        .forEach(
            c -> {
              if (c == '"' || c == '\\') {
                line.append('\\').append((char) c);
              } else if (Character.isISOControl(c)) {
                line.append("\\u%04x".formatted(c));
              } else {
                line.append((char) c);
              }
            });
    line.append('"');
  }
}
