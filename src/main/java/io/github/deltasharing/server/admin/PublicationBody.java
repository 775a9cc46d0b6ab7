/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.server.publish.PublicationRequest;
import io.github.deltasharing.server.publish.PublicationRequest.ColumnCorrection;
import io.github.deltasharing.server.publish.PublicationRequest.FileOptions;
import io.github.deltasharing.server.publish.PublicationRequest.Mode;
import io.github.deltasharing.server.publish.PublicationRequest.Sharing;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.util.Fields;

/**
 * Reads what is to become of a file: from a JSON body, for a file that was uploaded before, or from
 * the parameters of a query, for the file that is the body. Both have the same fields. Stateless.
 */
final class PublicationBody {
  private static final int LONGEST_NAME = 255;
  private static final int LONGEST_COMMENT = 65_536;
  private static final int MOST_COLUMNS = 10_000;
  private static final Set<String> FLAGS = Set.of("validate_only");
  private static final Set<String> LISTS = Set.of("recipients", "null_texts");
  private static final Set<String> OBJECTS = Set.of("columns", "types");
  private static final ObjectMapper JSON = new ObjectMapper();

  private PublicationBody() {}

  /** The parameters of a query as a body; those with several values are lists. */
  static AdminBody ofQuery(Fields parameters) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    for (Fields.Field field : parameters) {
      String name = field.getName();
      String value = field.getValue();
      if (LISTS.contains(name)) {
        field.getValues().forEach(body.withArray(name)::add);
      } else if (FLAGS.contains(name) && (value.equals("true") || value.equals("false"))) {
        body.put(name, value.equals("true"));
      } else if (OBJECTS.contains(name)) {
        body.set(name, json(name, value));
      } else {
        body.put(name, value);
      }
    }
    return AdminBody.of(body);
  }

  private static JsonNode json(String name, String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw ServerError.invalid(name + " must be JSON");
    }
  }

  /** Whether nothing is to be published yet. */
  static boolean isPreview(AdminBody body) {
    return body.flag("validate_only").orElse(false);
  }

  /** The file that was uploaded before. */
  static String uploadId(AdminBody body) {
    return body.requiredText("upload_id", LONGEST_NAME);
  }

  static PublicationRequest request(AdminBody body) {
    body.only(
        "upload_id",
        "validate_only",
        "name",
        "comment",
        "file_name",
        "encoding",
        "delimiter",
        "quote",
        "header",
        "null_texts",
        "columns",
        "types",
        "mode",
        "on_error",
        "share",
        "schema",
        "table",
        "recipients");
    Optional<String> name = body.text("name", LONGEST_NAME);
    return new PublicationRequest(
        name,
        body.text("comment", LONGEST_COMMENT).filter(text -> !text.isEmpty()),
        file(body, name),
        mode(body.text("mode", LONGEST_NAME).orElse("create")),
        setAside(body.text("on_error", LONGEST_NAME).orElse("fail")),
        sharing(body));
  }

  private static FileOptions file(AdminBody body, Optional<String> name) {
    String fileName =
        body.text("file_name", LONGEST_NAME)
            .or(() -> name)
            .orElseThrow(
                () -> ServerError.invalid("file_name is missing: say what the file is called"));
    return new FileOptions(
        fileName.substring(Math.max(fileName.lastIndexOf('/'), fileName.lastIndexOf('\\')) + 1),
        body.text("encoding", LONGEST_NAME),
        body.text("delimiter", LONGEST_NAME).map(text -> character("delimiter", text)),
        body.text("quote", LONGEST_NAME).map(text -> character("quote", text)).orElse('"'),
        header(body.text("header", LONGEST_NAME).orElse("auto")),
        Set.copyOf(body.texts("null_texts", LONGEST_NAME).orElse(List.of())),
        body.has("columns") ? Optional.of(columns(body)) : Optional.empty(),
        body.properties("types").orElse(Map.of()));
  }

  private static List<ColumnCorrection> columns(AdminBody body) {
    return body.objects("columns", MOST_COLUMNS).stream()
        .map(
            column -> {
              column.only("name", "type");
              return new ColumnCorrection(
                  column.text("name", LONGEST_NAME), column.text("type", LONGEST_NAME));
            })
        .toList();
  }

  private static char character(String field, String text) {
    String one = text.equalsIgnoreCase("tab") || text.equals("\\t") ? "\t" : text;
    if (one.length() != 1 || one.charAt(0) == '\n' || one.charAt(0) == '\r') {
      throw ServerError.invalid(field + " must be one character, or tab");
    }
    return one.charAt(0);
  }

  private static Optional<Boolean> header(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "auto" -> Optional.empty();
      case "true" -> Optional.of(true);
      case "false" -> Optional.of(false);
      default -> throw ServerError.invalid("header must be auto, true or false, as a text");
    };
  }

  private static Mode mode(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "create" -> Mode.CREATE;
      case "append" -> Mode.APPEND;
      case "replace" -> Mode.REPLACE;
      default -> throw ServerError.invalid("mode must be create, append or replace");
    };
  }

  private static boolean setAside(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "fail" -> false;
      case "set_aside" -> true;
      default -> throw ServerError.invalid("on_error must be fail or set_aside");
    };
  }

  private static Optional<Sharing> sharing(AdminBody body) {
    Optional<String> share = body.text("share", LONGEST_NAME);
    if (share.isEmpty()) {
      for (String field : List.of("schema", "table", "recipients")) {
        if (body.has(field)) {
          throw ServerError.invalid(field + " says where to share: name the share too");
        }
      }
    }
    return share.map(
        name ->
            new Sharing(
                name,
                body.text("schema", LONGEST_NAME).orElse("default"),
                body.text("table", LONGEST_NAME),
                body.texts("recipients", LONGEST_NAME).orElse(List.of())));
  }
}
