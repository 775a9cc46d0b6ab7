/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.admin;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.deltasharing.server.share.ShareDetails;
import io.github.deltasharing.server.share.SharedShare;
import io.github.deltasharing.server.store.OidcPolicy;
import io.github.deltasharing.server.store.Provenance;
import io.github.deltasharing.server.store.StoredGrant;
import io.github.deltasharing.server.store.StoredObject;
import io.github.deltasharing.server.store.StoredPrincipal;
import io.github.deltasharing.server.store.StoredRecipient;
import io.github.deltasharing.server.store.StoredShare;
import io.github.deltasharing.server.store.StoredToken;
import io.github.deltasharing.server.store.TokenStore;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** What the admin API says of what is stored. Times are ISO 8601. Stateless. */
final class AdminJson {
  /** How recipients sign in: by a token of this server, or by one of their own issuer. */
  static final String TOKEN = "TOKEN";

  static final String OIDC = "OIDC_FEDERATION";

  private AdminJson() {}

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  static ObjectNode share(StoredShare share) {
    ObjectNode json = object().put("id", share.id()).put("share_id", share.id());
    details(json.put("name", share.name()), share.details());
    return provenance(json.put("owner", share.owner()), share.provenance());
  }

  /** A share of the configuration. */
  static ObjectNode share(SharedShare share) {
    ObjectNode json = object();
    share.details().id().ifPresent(id -> json.put("id", id).put("share_id", id));
    details(json.put("name", share.name()), share.details());
    return json.put("read_only", true);
  }

  private static void details(ObjectNode json, ShareDetails details) {
    details.displayName().ifPresent(name -> json.put("display_name", name));
    details.comment().ifPresent(comment -> json.put("comment", comment));
    texts(json.putObject("properties"), details.properties());
  }

  private static void texts(ObjectNode json, Map<String, String> properties) {
    properties.forEach(json::put);
  }

  static ObjectNode object(StoredObject object) {
    ObjectNode json = object().put("shared_object_id", object.id());
    json.put("name", object.name()).put("type", object.type().name());
    json.put("shared_as", DataObjects.alias(object.schema(), object.table()));
    object.comment().ifPresent(comment -> json.put("comment", comment));
    json.put("source_format", "delta").put("storage_location", object.location().toString());
    json.put("history_shared", object.historyShared());
    json.put("start_version", object.startVersion());
    return json.put("added_at", object.addedAt().toString()).put("added_by", object.addedBy());
  }

  /** A table of the configuration. */
  static ObjectNode object(io.github.deltasharing.server.share.SharedTable table) {
    ObjectNode json = object();
    if (!table.id().isEmpty()) {
      json.put("shared_object_id", table.id());
    }
    json.put("name", table.schema() + "." + table.name()).put("type", "TABLE");
    json.put("shared_as", DataObjects.alias(table.schema(), table.name()));
    json.put("source_format", "delta").put("storage_location", table.location().toString());
    json.put("history_shared", table.historyShared());
    return json.put("start_version", table.startVersion());
  }

  static ObjectNode recipient(StoredRecipient recipient) {
    ObjectNode json = object().put("id", recipient.id()).put("recipient_id", recipient.id());
    json.put("name", recipient.name());
    recipient.comment().ifPresent(comment -> json.put("comment", comment));
    String type = recipient.oidc().isPresent() ? OIDC : TOKEN;
    json.put("auth_type", type).put("authentication_type", type);
    recipient.oidc().ifPresent(policy -> policy(json.putObject("oidc_policy"), policy));
    recipient.ipAccessList().forEach(json.putArray("ip_access_list")::add);
    texts(json.putObject("properties"), recipient.properties());
    return provenance(json.put("owner", recipient.owner()), recipient.provenance());
  }

  private static void policy(ObjectNode json, OidcPolicy policy) {
    json.put("issuer", policy.issuer());
    policy.audiences().forEach(json.putArray("audiences")::add);
    json.put("subject_claim", policy.subjectClaim()).put("subject", policy.subject());
  }

  static ObjectNode token(StoredToken token) {
    ObjectNode json = object().put("token_id", token.id());
    json.put("activated", token.activatedAt().isPresent());
    time(json, "activated_at", token.activatedAt());
    json.put("activation_expires_at", token.activationExpiresAt().toString());
    json.put("expires_at", token.expiresAt().toString());
    time(json, "superseded_at", token.supersededAt());
    time(json, "revoked_at", token.revokedAt());
    time(json, "last_used_at", token.lastUsedAt());
    return json.put("created_at", token.createdAt().toString())
        .put("created_by", token.createdBy());
  }

  /** What a list says of a recipient's tokens beside the recipient. */
  static ObjectNode summary(ObjectNode json, Optional<TokenStore.Summary> tokens) {
    time(json, "token_expires_at", tokens.flatMap(TokenStore.Summary::expiresAt));
    time(json, "token_activated_at", tokens.flatMap(TokenStore.Summary::activatedAt));
    time(json, "last_used_at", tokens.flatMap(TokenStore.Summary::lastUsedAt));
    return json;
  }

  /** A grant, of a share whose name and id the store may not have. */
  static ObjectNode grant(StoredGrant grant, String shareName, Optional<String> shareId) {
    ObjectNode json = object();
    shareId.ifPresent(id -> json.put("share_id", id));
    json.put("share_name", shareName);
    json.put("recipient_id", grant.recipientId()).put("recipient_name", grant.recipientName());
    json.put("privilege", PermissionEndpoints.SELECT);
    return json.put("granted_at", grant.grantedAt().toString())
        .put("granted_by", grant.grantedBy());
  }

  static ObjectNode principal(StoredPrincipal principal) {
    ObjectNode json = object().put("id", principal.id()).put("principal_id", principal.id());
    json.put("name", principal.name()).put("role", principal.role().name());
    time(json, "last_used_at", principal.lastUsedAt());
    return provenance(json, principal.provenance());
  }

  static ObjectNode provenance(ObjectNode json, Provenance provenance) {
    json.put("version", provenance.version());
    json.put("created_at", provenance.createdAt().toString());
    json.put("created_by", provenance.createdBy());
    json.put("updated_at", provenance.updatedAt().toString());
    return json.put("updated_by", provenance.updatedBy());
  }

  private static void time(ObjectNode json, String name, Optional<Instant> time) {
    time.ifPresent(at -> json.put(name, at.toString()));
  }
}
