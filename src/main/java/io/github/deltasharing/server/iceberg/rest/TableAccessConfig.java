/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.iceberg.rest;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.deltasharing.protocol.StoreCredential.S3Keys;
import io.github.deltasharing.protocol.TableAccess;
import io.github.deltasharing.protocol.TemporaryCredential;
import io.github.deltasharing.server.auth.Principal;
import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.server.iceberg.MetadataFile;
import io.github.deltasharing.server.share.SharedTable;
import io.github.deltasharing.server.storage.CredentialVendors;
import io.github.deltasharing.server.storage.PathSegments;
import io.github.deltasharing.server.storage.RequestSigner;
import io.github.deltasharing.server.storage.S3Place;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * How clients get at the files of a table: with temporary credentials to its directory, where it is
 * offered by that, else by having each request signed. Safe for use by several threads.
 */
final class TableAccessConfig {
  private static final String VENDED = "vended-credentials";

  private final CredentialVendors vendors;
  private final RequestSigner signer;
  private final StateTokens states;

  TableAccessConfig(CredentialVendors vendors, RequestSigner signer, StateTokens states) {
    this.vendors = vendors;
    this.signer = signer;
    this.states = states;
  }

  /**
   * What a client's library is set with.
   *
   * @param credential what was given away, if anything was
   * @param state of the table, to be sent with what is to be signed
   */
  record Access(
      Map<String, String> config,
      Optional<TemporaryCredential> credential,
      Optional<String> state) {
    /** Without secrets. */
    @Override
    public String toString() {
      return "Access[" + config.keySet() + "]";
    }
  }

  /**
   * The access to a table.
   *
   * @param delegation what the client says it can use, or null
   */
  Access of(MetadataFile metadata, Principal principal, String delegation) {
    SharedTable table = metadata.table();
    TableAccess offered = table.access();
    boolean vend =
        offered.offersDirectory() && (!offered.offersUrls() || names(delegation, VENDED));
    return vend ? credential(metadata, principal) : signing(metadata, principal);
  }

  private static boolean names(String delegation, String way) {
    return delegation != null
        && Stream.of(delegation.split(","))
            .anyMatch(text -> text.strip().toLowerCase(Locale.ROOT).equals(way));
  }

  /**
   * Temporary credentials.
   *
   * @throws ServerError 403 if the table is not offered by its directory
   */
  Access credential(MetadataFile metadata, Principal principal) {
    SharedTable table = metadata.table();
    if (!table.access().offersDirectory()) {
      throw ServerError.forbidden(
          "Cannot give credentials for %s: it is offered by signed requests only. Ask for remote-signing"
              .formatted(table.fullName()));
    }
    TemporaryCredential credential = vendors.of(table).issue(table, principal);
    if (!(credential.credential() instanceof S3Keys keys)) {
      throw new IllegalStateException("No keys of S3: " + credential.credential());
    }
    Map<String, String> config = place(table);
    // ClickHouse takes it off locations, and the path that remains must not begin with a slash.
    config.computeIfPresent("s3.endpoint", (name, uri) -> uri.endsWith("/") ? uri : uri + "/");
    config.put("s3.access-key-id", keys.accessKeyId());
    config.put("s3.secret-access-key", keys.secretAccessKey());
    if (keys.sessionToken() != null) {
      config.put("s3.session-token", keys.sessionToken());
    }
    config.put("s3.session-token-expires-at-ms", String.valueOf(credential.expirationTime()));
    config.put("client.refresh-credentials-endpoint", path(table) + "/credentials");
    return new Access(config, Optional.of(credential), Optional.empty());
  }

  private Access signing(MetadataFile metadata, Principal principal) {
    SharedTable table = metadata.table();
    Map<String, String> config = place(table);
    String state = states.issue(principal, table, metadata.path());
    config.put("s3.remote-signing-enabled", "true");
    // Newer clients of Iceberg's take the endpoint of the specification, and bring the state.
    config.put("s3.signer.endpoint", path(table) + "/sign/" + state);
    // What PyIceberg has for it.
    config.put("s3.signer", "S3V4RestSigner");
    config.put("py-io-impl", "pyiceberg.io.fsspec.FsspecFileIO");
    // No key: s3fs has one connection for all tables of equal settings, which PyIceberg has signed
    // at the endpoint of the table that was loaded last.
    String connection = connection(table, metadata);
    config.put("client.access-key-id", connection);
    config.put("client.secret-access-key", connection);
    return new Access(config, Optional.empty(), Optional.of(state));
  }

  private static String connection(SharedTable table, MetadataFile metadata) {
    String state = table.identity() + "\n" + metadata.path();
    return "unused-" + UUID.nameUUIDFromBytes(state.getBytes(StandardCharsets.UTF_8));
  }

  private Map<String, String> place(SharedTable table) {
    S3Place place = signer.place(table);
    Map<String, String> config = new TreeMap<>();
    config.put("s3.endpoint", place.endpoint());
    config.put("s3.path-style-access", String.valueOf(place.pathStyle()));
    config.put("client.region", place.region());
    config.put("s3.region", place.region());
    return config;
  }

  /** Below the catalog's own URI. */
  private static String path(SharedTable table) {
    return "v1/%s/namespaces/%s/tables/%s"
        .formatted(
            PathSegments.encode(table.share()),
            PathSegments.encode(table.schema()),
            PathSegments.encode(table.name()));
  }

  /** What of an access the protocol has other places for than the settings. */
  static void write(MetadataFile metadata, Access access, ObjectNode response) {
    access
        .state()
        .ifPresent(
            state ->
                response
                    .putObject("remote-signing-config")
                    .putObject("properties")
                    .put(SignBody.STATE, state));
    if (access.credential().isPresent()) {
      ObjectNode entry = response.putArray("storage-credentials").addObject();
      entry.put("prefix", metadata.directory());
      entry.set("config", json(access.config()));
    }
  }

  static ObjectNode json(Map<String, String> config) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    config.forEach(json::put);
    return json;
  }
}
