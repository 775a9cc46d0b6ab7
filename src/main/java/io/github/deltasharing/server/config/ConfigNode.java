package io.github.deltasharing.server.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * A mapping in the configuration file. Remembers which keys were asked for, so that the others can
 * be warned about, and names the full key in every complaint. Not thread-safe.
 */
final class ConfigNode {
  /** What a table's location and a scheme look like. */
  private static final String SCHEME = "(?s)[A-Za-z][A-Za-z0-9+.-]+:.*";

  private final String path;
  private final JsonNode node;
  private final Path directory;
  private final Set<String> known = new HashSet<>();
  private final List<ConfigNode> children = new ArrayList<>();

  ConfigNode(String path, JsonNode node, Path directory) {
    this.path = path;
    this.node = node;
    this.directory = directory;
    if (!node.isObject() && !node.isMissingNode() && !node.isNull()) {
      throw new ConfigException(
          (path.isEmpty() ? "The configuration" : path) + " must be a mapping of keys to values");
    }
  }

  boolean isPresent() {
    return node.isObject();
  }

  ConfigNode section(String key) {
    return child(key(key), get(key));
  }

  List<ConfigNode> list(String key) {
    JsonNode value = get(key);
    if (!value.isArray() && !value.isMissingNode() && !value.isNull()) {
      throw wrong(key, "a list");
    }
    List<ConfigNode> items = new ArrayList<>();
    for (JsonNode item : value) {
      items.add(child(key(key) + "[" + items.size() + "]", item));
    }
    return items;
  }

  Optional<String> text(String key) {
    JsonNode value = get(key);
    if (absent(value)) {
      return Optional.empty();
    }
    if (!value.isValueNode()) {
      throw wrong(key, "text");
    }
    return Optional.of(value.asText());
  }

  /** A mapping of texts; numbers and so on are taken as they are written. */
  Map<String, String> textMap(String key) {
    JsonNode value = get(key);
    if (!absent(value) && !value.isObject()) {
      throw wrong(key, "a mapping of keys to texts");
    }
    Map<String, String> texts = new LinkedHashMap<>();
    value
        .fields()
        .forEachRemaining(
            entry -> {
              if (!entry.getValue().isValueNode() || entry.getValue().isNull()) {
                throw wrong(key, "a mapping of keys to texts");
              }
              texts.put(entry.getKey(), entry.getValue().asText());
            });
    return texts;
  }

  String requiredText(String key) {
    return text(key)
        .orElseThrow(() -> new ConfigException(key(key) + " is missing: give it a value"));
  }

  long integer(String key, long defaultValue) {
    JsonNode value = get(key);
    if (absent(value)) {
      return defaultValue;
    }
    if (!value.isIntegralNumber() || !value.canConvertToLong()) {
      throw wrong(key, "a whole number");
    }
    return value.asLong();
  }

  boolean bool(String key, boolean defaultValue) {
    JsonNode value = get(key);
    if (absent(value)) {
      return defaultValue;
    }
    if (!value.isBoolean()) {
      throw wrong(key, "true or false");
    }
    return value.asBoolean();
  }

  void ifText(String key, Consumer<String> consumer) {
    text(key).ifPresent(consumer);
  }

  void ifInteger(String key, LongConsumer consumer) {
    if (!absent(get(key))) {
      consumer.accept(integer(key, 0));
    }
  }

  void ifBool(String key, Consumer<Boolean> consumer) {
    if (!absent(get(key))) {
      consumer.accept(bool(key, false));
    }
  }

  Optional<Path> file(String key) {
    return text(key).map(directory::resolve);
  }

  /** A table's location: a local path or a {@code file:} URI. */
  Path tableDirectory(String key) {
    String location = requiredText(key);
    if (!location.matches(SCHEME)) {
      return directory.resolve(location).normalize();
    }
    if (!location.toLowerCase(Locale.ROOT).startsWith("file:")) {
      throw new ConfigException(
          key(key)
              + " is '"
              + location
              + "': this version serves local tables only, so it must be a path or a file: URI");
    }
    try {
      String uriPath = new URI(location).getPath();
      if (uriPath != null && uriPath.startsWith("/")) {
        return Path.of(uriPath).normalize();
      }
    } catch (URISyntaxException e) {
      throw new ConfigException(
          key(key) + " is '" + location + "': it is not a URI; escape special characters", e);
    }
    throw wrong(key, "an absolute file: URI");
  }

  /** The full names of all keys here and below that nobody asked for. */
  List<String> unknownKeys() {
    List<String> unknown = new ArrayList<>();
    node.fieldNames()
        .forEachRemaining(
            name -> {
              if (!known.contains(name)) {
                unknown.add(key(name));
              }
            });
    children.forEach(child -> unknown.addAll(child.unknownKeys()));
    return unknown;
  }

  private ConfigNode child(String childPath, JsonNode value) {
    ConfigNode child =
        new ConfigNode(childPath, value.isNull() ? MissingNode.getInstance() : value, directory);
    children.add(child);
    return child;
  }

  private JsonNode get(String key) {
    known.add(key);
    return node.path(key);
  }

  private static boolean absent(JsonNode value) {
    return value.isMissingNode() || value.isNull();
  }

  private String key(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  private ConfigException wrong(String key, String allowed) {
    String value = key.equals("bearerToken") ? "" : " is '" + get(key) + "'";
    return new ConfigException(key(key) + value + ": it must be " + allowed);
  }
}
