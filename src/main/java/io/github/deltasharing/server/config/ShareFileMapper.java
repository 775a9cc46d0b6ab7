/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonMappingException.Reference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.deser.DeserializationProblemHandler;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.github.deltasharing.error.NearestName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Binds YAML to {@link ShareFile} with Jackson, and says what is wrong in terms of the file: the
 * full key, the value and what is allowed. Keys that are not known are warned about, with the one
 * that is spelled most like them. Stateless.
 */
final class ShareFileMapper {
  private static final Logger LOG = LoggerFactory.getLogger(ShareFileMapper.class);

  /** Keys whose values, and all that is in them, are in no message. */
  private static final Set<String> SECRETS =
      Set.of("bearerToken", "signingKey", "storage", "database", "catalogs");

  /** Keys whose values are mappings with keys that are not ours. */
  private static final Set<String> MAPPINGS = Set.of("properties", "propertyFiles", "hadoop");

  private ShareFileMapper() {}

  /** The text as a tree: a mapping, an empty one if there is nothing in it. */
  static JsonNode parse(String yaml) {
    ObjectMapper mapper = new ObjectMapper(new YAMLFactory());
    JsonNode tree;
    try {
      tree = mapper.readTree(yaml);
    } catch (JsonProcessingException e) {
      // Only the place, and no cause: the parser's message quotes the text, perhaps the token.
      String place = e.getLocation() == null ? "" : " at line " + e.getLocation().getLineNr();
      throw new ConfigException("The configuration is not YAML" + place);
    }
    if (tree.isMissingNode() || tree.isNull()) {
      return mapper.createObjectNode();
    }
    if (!tree.isObject()) {
      throw new ConfigException("The configuration must be a mapping of keys to values");
    }
    return tree;
  }

  /**
   * The tree as a record.
   *
   * @param others keys beside those of the record that are known
   * @throws ConfigException when a value is of another type
   */
  static ShareFile bind(JsonNode tree, Collection<String> others) {
    try {
      return mapper(others).treeToValue(tree, ShareFile.class);
    } catch (JsonMappingException e) {
      throw wrong(tree, e);
    } catch (JsonProcessingException e) {
      throw new ConfigException("The configuration cannot be read", e);
    }
  }

  /** Texts may be written as numbers, nothing else as what it is not. */
  private static ObjectMapper mapper(Collection<String> others) {
    JsonMapper.Builder builder =
        JsonMapper.builder()
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .addHandler(new UnknownKeys(others));
    for (CoercionInputShape scalar :
        List.of(CoercionInputShape.Integer, CoercionInputShape.Float, CoercionInputShape.Boolean)) {
      builder.withCoercionConfig(
          LogicalType.Textual, config -> config.setCoercion(scalar, CoercionAction.TryConvert));
    }
    return builder.build();
  }

  private static ConfigException wrong(JsonNode tree, JsonMappingException failure) {
    StringBuilder key = new StringBuilder();
    JsonNode value = tree;
    Class<?> type =
        failure instanceof MismatchedInputException mismatch && mismatch.getTargetType() != null
            ? mismatch.getTargetType()
            : Long.class;
    boolean secret = false;
    for (Reference step : failure.getPath()) {
      if (step.getFieldName() == null) {
        key.append('[').append(step.getIndex()).append(']');
        value = value.path(step.getIndex());
        continue;
      }
      key.append(key.isEmpty() ? "" : ".").append(step.getFieldName());
      value = value.path(step.getFieldName());
      secret |= SECRETS.contains(step.getFieldName());
      if (MAPPINGS.contains(step.getFieldName())) {
        // Whatever is wrong in it: its keys are the provider's own.
        type = Map.class;
        break;
      }
    }
    if (type.isRecord()) {
      // No cause here and below: Jackson's text quotes the value.
      return new ConfigException(key + " must be a mapping of keys to values");
    }
    String allowed = allowed(type);
    return secret
        ? new ConfigException(key + ": it must be " + allowed)
        : ConfigException.wrong(key.toString(), value, allowed);
  }

  private static String allowed(Class<?> type) {
    if (type == Boolean.class) {
      return "true or false";
    }
    if (type == String.class) {
      return "text";
    }
    if (Map.class.isAssignableFrom(type)) {
      return "a mapping of keys to texts";
    }
    return Collection.class.isAssignableFrom(type) ? "a list" : "a whole number";
  }

  /** Warns and goes on. */
  private static final class UnknownKeys extends DeserializationProblemHandler {
    private final Collection<String> others;

    UnknownKeys(Collection<String> others) {
      this.others = others;
    }

    @Override
    public boolean handleUnknownProperty(
        DeserializationContext context,
        JsonParser parser,
        JsonDeserializer<?> deserializer,
        Object beanOrClass,
        String name)
        throws IOException {
      List<String> known = new ArrayList<>();
      deserializer.getKnownPropertyNames().forEach(property -> known.add(property.toString()));
      if (deserializer.handledType() == ShareFile.class) {
        known.addAll(others);
      }
      if (!known.contains(name)) {
        LOG.warn(
            "Configuration key '{}' is not known: ignored. Did you mean '{}'?",
            parser
                .getParsingContext()
                .pathAsPointer()
                .toString()
                .replaceFirst("^/+", "")
                .replaceAll("/(\\d+)(?=/)", "[$1]")
                .replace('/', '.'),
            NearestName.of(name, known));
      }
      parser.skipChildren();
      return true;
    }
  }
}
