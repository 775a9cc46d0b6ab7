package io.github.deltasharing.server.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.github.deltasharing.server.share.Share;
import io.github.deltasharing.server.share.ShareDetails;
import io.github.deltasharing.server.share.SharedSchema;
import io.github.deltasharing.server.share.SharedTable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the reference server's {@code share.yaml} into a {@link ShareConfig.Builder}. Keys it does
 * not know are warned about, wrong values are refused by key. Stateless.
 */
public final class ShareConfigReader {
  private static final Logger LOG = LoggerFactory.getLogger(ShareConfigReader.class);
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  private ShareConfigReader() {}

  public static ShareConfig.Builder read(Path file) {
    String text;
    try {
      text = Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new ConfigException("Cannot read the configuration file " + file + ": " + e, e);
    }
    return parse(text, file.toAbsolutePath().getParent());
  }

  static ShareConfig.Builder parse(String yaml, Path directory) {
    JsonNode tree;
    try {
      tree = YAML.readTree(yaml);
    } catch (JsonProcessingException e) {
      // Only the place: the text around it may hold the token.
      String place = e.getLocation() == null ? "" : " at line " + e.getLocation().getLineNr();
      throw new ConfigException("The configuration is not YAML" + place, e);
    }
    ConfigNode root = new ConfigNode("", tree, directory);
    ShareConfig.Builder builder = ShareConfig.builder();
    if (root.integer("version", 1) != 1) {
      throw new ConfigException(
          "version is '" + root.integer("version", 1) + "': this server reads version 1");
    }
    root.ifText("host", builder::host);
    root.ifInteger("port", port -> builder.port((int) Math.min(port, Integer.MAX_VALUE)));
    root.ifText("endpoint", builder::endpoint);
    ConfigNode authorization = root.section("authorization");
    authorization.ifText("bearerToken", builder::bearerToken);
    tls(root.section("ssl"), builder);
    settings(root, builder);
    for (ConfigNode share : root.list("shares")) {
      builder.share(share(share));
    }
    root.unknownKeys()
        .forEach(key -> LOG.warn("Configuration key '{}' is not known: ignored", key));
    return builder;
  }

  private static void settings(ConfigNode root, ShareConfig.Builder builder) {
    root.ifInteger("preSignedUrlTimeoutSeconds", builder::preSignedUrlTimeoutSeconds);
    root.ifInteger(
        "temporaryCredentialValiditySeconds", builder::temporaryCredentialValiditySeconds);
    root.ifInteger("deltaTableCacheSize", size -> builder.deltaTableCacheSize(toInt(size)));
    root.ifBool("stalenessAcceptable", builder::stalenessAcceptable);
    root.ifBool("evaluatePredicateHints", builder::evaluatePredicateHints);
    root.ifBool("evaluateJsonPredicateHints", builder::evaluateJsonPredicateHints);
    root.ifBool("evaluateJsonPredicateHintsV2", builder::evaluateJsonPredicateHintsV2);
    root.ifInteger("requestTimeoutSeconds", builder::requestTimeoutSeconds);
    root.ifInteger("queryTablePageSizeLimit", size -> builder.queryTablePageSizeLimit(toInt(size)));
    root.ifInteger("queryTablePageTokenTtlMs", builder::queryTablePageTokenTtlMs);
    root.ifInteger("refreshTokenTtlMs", builder::refreshTokenTtlMs);
    root.ifInteger("asyncQueryAfterMs", builder::asyncQueryAfterMs);
    root.ifInteger("asyncQueryTtlMs", builder::asyncQueryTtlMs);
    root.ifInteger("maxAsyncQueries", queries -> builder.maxAsyncQueries(toInt(queries)));
  }

  private static int toInt(long value) {
    return (int) Math.max(Integer.MIN_VALUE, Math.min(value, Integer.MAX_VALUE));
  }

  private static void tls(ConfigNode ssl, ShareConfig.Builder builder) {
    if (!ssl.isPresent()) {
      return;
    }
    TlsConfig tls =
        new TlsConfig(
            ssl.bool("selfSigned", false),
            ssl.file("certificateFile"),
            ssl.file("certificateKeyFile"),
            ssl.file("certificatePasswordFile"));
    if (!tls.selfSigned()
        && (tls.certificateFile().isEmpty() || tls.certificateKeyFile().isEmpty())) {
      throw new ConfigException(
          "ssl needs selfSigned: true, or certificateFile and certificateKeyFile");
    }
    builder.tls(tls);
  }

  private static Share share(ConfigNode node) {
    String share = node.requiredText("name");
    List<SharedSchema> schemas = new ArrayList<>();
    for (ConfigNode schemaNode : node.list("schemas")) {
      String schema = schemaNode.requiredText("name");
      List<SharedTable> tables = new ArrayList<>();
      for (ConfigNode table : schemaNode.list("tables")) {
        tables.add(table(share, schema, table));
      }
      schemas.add(new SharedSchema(schema, tables));
    }
    ShareDetails details =
        new ShareDetails(
            node.text("id"),
            node.text("displayName"),
            node.text("comment"),
            node.textMap("properties"));
    return new Share(share, details, schemas);
  }

  private static SharedTable table(String share, String schema, ConfigNode node) {
    // cdfEnabled is the older name of historyShared.
    boolean historyShared = node.bool("historyShared", node.bool("cdfEnabled", false));
    return new SharedTable(
        share,
        schema,
        node.requiredText("name"),
        node.tableDirectory("location"),
        node.text("id").orElse(""),
        historyShared,
        node.integer("startVersion", 0));
  }
}
