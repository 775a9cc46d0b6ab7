/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.admin;

import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.server.share.SharedTable;
import io.github.deltasharing.server.storage.AllowedLocations;
import io.github.deltasharing.server.store.Change;
import io.github.deltasharing.server.store.Names;
import io.github.deltasharing.server.store.StoredObject;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the {@code data_object}s of requests: what is shared, as what, and where it lies. Safe for
 * use by several threads.
 *
 * @param allowed where tables may lie
 * @param readable throws a {@link ServerError} when a table cannot be read
 */
record DataObjects(AllowedLocations allowed, Consumer<SharedTable> readable) {
  private static final int LONGEST_NAME = 1_000;
  private static final int LONGEST_COMMENT = 65_536;
  private static final int LONGEST_LOCATION = 4_096;

  /** One level of a name: in backticks if it has dots. */
  private static final Pattern LEVEL = Pattern.compile("`([^`]+)`|([^.`]+)");

  /** What a name or an alias stands for. */
  private record Alias(String schema, String table) {}

  /** A schema and a table as an alias, the table empty for a whole schema. */
  static String alias(String schema, String table) {
    return table.isEmpty() ? quoted(schema) : quoted(schema) + "." + quoted(table);
  }

  private static String quoted(String level) {
    return level.indexOf('.') < 0 ? level : "`" + level + "`";
  }

  /** An object to be added to a share; it is there, and can be read. */
  StoredObject toAdd(String share, AdminBody body, Change change) {
    body.only(
        "name",
        "type",
        "data_object_type",
        "shared_as",
        "storage_location",
        "comment",
        "history_shared",
        "cdf_enabled",
        "start_version");
    StoredObject.Type type = type(body);
    String name = body.requiredText("name", LONGEST_NAME);
    Alias alias = alias(body, type, name);
    String location = body.requiredText("storage_location", LONGEST_LOCATION);
    URI resolved =
        allowed
            .resolve(location)
            .orElseThrow(
                () ->
                    ServerError.invalid(
                        "storage_location '"
                            + location
                            + "' is no directory below the server's allowedLocations. Share one"
                            + " that is, or add it there"));
    if (type == StoredObject.Type.SCHEMA && !"file".equals(resolved.getScheme())) {
      throw ServerError.invalid(
          "Only directories of the server's machine can be shared as a SCHEMA. Add the tables");
    }
    StoredObject object =
        new StoredObject(
            UUID.randomUUID().toString(),
            type,
            name,
            Names.check("The schema in shared_as", alias.schema()),
            type == StoredObject.Type.SCHEMA
                ? ""
                : Names.check("The table in shared_as", alias.table()),
            resolved,
            body.text("comment", LONGEST_COMMENT).filter(text -> !text.isEmpty()),
            body.flag("history_shared").or(() -> body.flag("cdf_enabled")).orElse(false),
            body.number("start_version", Long.MAX_VALUE).orElse(0),
            change.at(),
            change.by());
    if (type == StoredObject.Type.TABLE) {
      readable.accept(object.shared(share));
    }
    return object;
  }

  private static StoredObject.Type type(AdminBody body) {
    String type =
        body.text("type", LONGEST_NAME)
            .or(() -> body.text("data_object_type", LONGEST_NAME))
            .orElse(StoredObject.Type.TABLE.name());
    return switch (type) {
      case "TABLE" -> StoredObject.Type.TABLE;
      case "SCHEMA" -> StoredObject.Type.SCHEMA;
      default -> throw ServerError.invalid("type must be TABLE or SCHEMA");
    };
  }

  private static Alias alias(AdminBody body, StoredObject.Type type, String name) {
    Optional<String> given = body.text("shared_as", LONGEST_NAME);
    List<String> levels = levels(given.orElse(name));
    int wanted = type == StoredObject.Type.TABLE ? 2 : 1;
    if (levels.size() < wanted || (given.isPresent() && levels.size() != wanted)) {
      throw ServerError.invalid(
          type == StoredObject.Type.TABLE
              ? "shared_as must be schema.table, with backticks around a name that has dots"
              : "shared_as must be a schema's name, with backticks around it if it has dots");
    }
    List<String> last = levels.subList(levels.size() - wanted, levels.size());
    return new Alias(last.get(0), type == StoredObject.Type.TABLE ? last.get(1) : "");
  }

  private static List<String> levels(String name) {
    List<String> levels = new ArrayList<>();
    Matcher matcher = LEVEL.matcher(name);
    int end = 0;
    while (matcher.find()) {
      if (matcher.start() != end) {
        break;
      }
      levels.add(matcher.group(1) == null ? matcher.group(2) : matcher.group(1));
      end = matcher.end() + 1;
    }
    if (end != name.length() + 1) {
      throw ServerError.invalid(
          "A name must be like schema.table, with backticks around a part that has dots");
    }
    return levels;
  }

  /**
   * The object of a share that a request to remove one means: by its alias, else by its name.
   *
   * @throws ServerError 404 when there is none, 400 when there are several
   */
  static StoredObject toRemove(AdminBody body, List<StoredObject> objects) {
    body.only("name", "type", "data_object_type", "shared_as");
    Optional<String> alias = body.text("shared_as", LONGEST_NAME);
    Optional<String> name = body.text("name", LONGEST_NAME);
    if (alias.isEmpty() && name.isEmpty()) {
      throw ServerError.invalid("data_object needs its name, or what it is shared_as");
    }
    List<StoredObject> found =
        objects.stream()
            .filter(object -> name.isEmpty() || Names.isSame(object.name(), name.get()))
            .filter(object -> alias.isEmpty() || isAlias(object, alias.get()))
            .toList();
    if (found.isEmpty() && alias.isEmpty()) {
      found = objects.stream().filter(object -> isAlias(object, name.get())).toList();
    }
    if (found.size() > 1) {
      throw ServerError.invalid(
          "'" + name.orElse("") + "' is shared more than once: say what it is shared_as");
    }
    if (found.isEmpty()) {
      throw ServerError.notFound(
          "The share holds no '" + alias.orElseGet(name::get) + "'. Get the share for its objects");
    }
    return found.get(0);
  }

  private static boolean isAlias(StoredObject object, String text) {
    return Names.isSame(alias(object.schema(), object.table()), text)
        || Names.isSame(
            object.schema() + (object.table().isEmpty() ? "" : "." + object.table()), text);
  }
}
