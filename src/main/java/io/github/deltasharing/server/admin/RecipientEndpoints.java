/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.admin;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.deltasharing.server.activation.ActivationHandler;
import io.github.deltasharing.server.config.ProviderSettings;
import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.server.oidc.OidcVerifier;
import io.github.deltasharing.server.recipient.IpAccessList;
import io.github.deltasharing.server.recipient.RecipientTokens;
import io.github.deltasharing.server.recipient.RecipientTokens.Issued;
import io.github.deltasharing.server.store.Database;
import io.github.deltasharing.server.store.Names;
import io.github.deltasharing.server.store.OidcPolicy;
import io.github.deltasharing.server.store.RecipientStore;
import io.github.deltasharing.server.store.Session;
import io.github.deltasharing.server.store.StoredRecipient;
import io.github.deltasharing.server.store.TokenStore;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Recipients and their tokens. Safe for use by several threads. */
final class RecipientEndpoints {
  private static final int LONGEST_NAME = 255;
  private static final int LONGEST_COMMENT = 65_536;
  private static final int LONGEST_NETWORK = 64;
  private static final int LONGEST_SUBJECT = 1_024;
  private static final int MOST_AUDIENCES = 100;

  /** What an index of PostgreSQL takes. */
  private static final int MOST_POLICY_BYTES = 2_500;

  /** A hundred years: times stay such that everybody can read them. */
  private static final long MOST_SECONDS = 100L * 365 * 86_400;

  private static final String LIFETIME = "token_expiration_seconds";
  private static final String GRACE = "existing_token_expire_in_seconds";

  private final Database database;
  private final RecipientStore store = new RecipientStore();
  private final TokenStore tokenStore = new TokenStore();
  private final RecipientTokens tokens;
  private final OidcVerifier oidc;
  private final ProviderSettings settings;

  RecipientEndpoints(
      Database database, RecipientTokens tokens, OidcVerifier oidc, ProviderSettings settings) {
    this.database = database;
    this.oidc = oidc;
    this.tokens = tokens;
    this.settings = settings;
  }

  AdminAnswer create(AdminCall call) {
    AdminBody body = call.body();
    body.only(
        "name",
        "comment",
        "auth_type",
        "authentication_type",
        "ip_access_list",
        "properties",
        "owner",
        "oidc_policy",
        LIFETIME);
    String name = Names.check("name", body.requiredText("name", LONGEST_NAME));
    checkType(body);
    StoredRecipient.Details details =
        details(
            body,
            new StoredRecipient.Details(
                Optional.empty(), Map.of(), List.of(), Optional.empty(), call.principal().name()));
    Duration lifetime = lifetime(body);
    return database.write(
        session -> {
          checkUnclaimed(session, name, details);
          StoredRecipient recipient = store.create(session, name, details, call.change());
          ObjectNode json = JsonNodeFactory.instance.objectNode();
          json.set("recipient", AdminJson.recipient(recipient));
          if (recipient.oidc().isEmpty()) {
            Issued issued = tokens.issue(session, recipient, lifetime, call.change());
            json.set("token", issued(call, recipient, issued));
          }
          return AdminAnswer.created(json).of(recipient.provenance());
        });
  }

  private static void checkType(AdminBody body) {
    String type = body.has("oidc_policy") ? AdminJson.OIDC : AdminJson.TOKEN;
    for (String field : List.of("auth_type", "authentication_type")) {
      if (!body.text(field, LONGEST_NAME).orElse(type).equals(type)) {
        throw ServerError.invalid(
            field
                + " must be "
                + AdminJson.TOKEN
                + ", or "
                + AdminJson.OIDC
                + " with an oidc_policy");
      }
    }
  }

  AdminAnswer list(AdminCall call) {
    return database.read(
        session -> {
          Map<String, TokenStore.Summary> summaries = tokenStore.summaries(session, call.page());
          return AdminAnswer.page(
              store.page(session, call.page()),
              recipient ->
                  AdminJson.summary(
                      AdminJson.recipient(recipient),
                      Optional.ofNullable(summaries.get(recipient.id()))));
        });
  }

  AdminAnswer get(AdminCall call) {
    return database.read(session -> answer(session, call.name()));
  }

  private AdminAnswer answer(Session session, String name) throws SQLException {
    StoredRecipient recipient = store.require(session, name);
    ObjectNode json = AdminJson.recipient(recipient);
    var items = json.putArray("tokens");
    tokenStore.of(session, recipient).forEach(token -> items.add(AdminJson.token(token)));
    return AdminAnswer.ok(json).of(recipient.provenance());
  }

  AdminAnswer update(AdminCall call) {
    AdminBody body = call.body();
    body.only("name", "comment", "ip_access_list", "properties", "owner", "oidc_policy");
    if (!Names.isSame(body.text("name", LONGEST_NAME).orElse(call.name()), call.name())) {
      throw ServerError.invalid("A recipient keeps its name. Make another recipient");
    }
    return database.write(
        session -> {
          StoredRecipient recipient = store.lock(session, call.name());
          call.checkVersion(recipient.provenance());
          if (body.has("oidc_policy") && recipient.oidc().isEmpty()) {
            throw ServerError.invalid(
                "'"
                    + recipient.name()
                    + "' signs in by a token of this server. Make another recipient for"
                    + " oidc_policy");
          }
          StoredRecipient.Details details = details(body, recipient.details());
          checkUnclaimed(session, recipient.name(), details);
          store.update(session, recipient, details, call.change());
          return answer(session, call.name());
        });
  }

  /** Of two recipients nobody could say which one a token is. */
  private void checkUnclaimed(Session session, String name, StoredRecipient.Details details)
      throws SQLException {
    if (details.oidc().isPresent()) {
      OidcPolicy policy = details.oidc().get();
      Optional<StoredRecipient> other =
          store
              .find(session, policy.issuer(), policy.subjectClaim(), policy.subject())
              .filter(found -> !Names.isSame(found.name(), name));
      if (other.isPresent()) {
        throw new ServerError(
            409,
            ServerError.RESOURCE_ALREADY_EXISTS,
            "The oidc_policy is that of recipient '"
                + other.get().name()
                + "' already. Choose another subject, or change that recipient");
      }
    }
  }

  AdminAnswer delete(AdminCall call) {
    return database.write(
        session -> {
          StoredRecipient recipient = store.lock(session, call.name());
          call.checkVersion(recipient.provenance());
          store.delete(session, recipient);
          return AdminAnswer.nothing();
        });
  }

  AdminAnswer rotateToken(AdminCall call) {
    AdminBody body = call.body().only(GRACE, LIFETIME, "name");
    Duration grace =
        Duration.ofSeconds(
            body.number(GRACE, MOST_SECONDS).orElse(settings.rotationGraceSeconds()));
    Duration lifetime = lifetime(body);
    return database.write(
        session -> {
          StoredRecipient recipient = store.lock(session, call.name());
          call.checkVersion(recipient.provenance());
          if (recipient.oidc().isPresent()) {
            throw ServerError.invalid(
                "'"
                    + recipient.name()
                    + "' gets its tokens from its own issuer. Rotate them there");
          }
          return AdminAnswer.ok(
              issued(
                  call,
                  recipient,
                  tokens.rotate(session, recipient, grace, lifetime, call.change())));
        });
  }

  private Duration lifetime(AdminBody body) {
    long seconds =
        body.number(LIFETIME, MOST_SECONDS).orElse(settings.recipientTokenLifetimeSeconds());
    if (seconds == 0) {
      throw ServerError.invalid(LIFETIME + " must be 1 or more");
    }
    return Duration.ofSeconds(seconds);
  }

  private static ObjectNode issued(AdminCall call, StoredRecipient recipient, Issued issued) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("token_id", issued.token().id()).put("recipient_name", recipient.name());
    json.put("activation_url", call.origin() + ActivationHandler.PATH + "/" + issued.activation());
    json.put("activation_expires_at", issued.token().activationExpiresAt().toString());
    return json.put("expires_at", issued.token().expiresAt().toString());
  }

  private OidcPolicy policy(AdminBody body) {
    body.only("issuer", "audiences", "subject_claim", "subject");
    String issuer = body.requiredText("issuer", LONGEST_SUBJECT);
    if (!oidc.trusts(issuer)) {
      throw ServerError.invalid(
          "oidc_policy.issuer is not one of the server's oidcIssuers. Add it there");
    }
    List<String> audiences = body.texts("audiences", LONGEST_NAME).orElse(List.of());
    if (audiences.isEmpty() || audiences.size() > MOST_AUDIENCES) {
      throw ServerError.invalid(
          "oidc_policy.audiences must have 1 to "
              + MOST_AUDIENCES
              + " texts: those whom tokens are for");
    }
    String claim = body.text("subject_claim", LONGEST_NAME).orElse("sub");
    String subject = body.requiredText("subject", LONGEST_SUBJECT);
    if (claim.isEmpty() || subject.isEmpty()) {
      throw ServerError.invalid("oidc_policy.subject and .subject_claim must not be empty");
    }
    if ((issuer + claim + subject).getBytes(StandardCharsets.UTF_8).length > MOST_POLICY_BYTES) {
      throw ServerError.invalid(
          "oidc_policy.issuer, .subject_claim and .subject must not have more than "
              + MOST_POLICY_BYTES
              + " bytes together");
    }
    return new OidcPolicy(issuer, audiences, claim, subject);
  }

  private StoredRecipient.Details details(AdminBody body, StoredRecipient.Details before) {
    List<String> networks =
        body.texts("ip_access_list", LONGEST_NETWORK).orElse(before.ipAccessList());
    try {
      IpAccessList.of(networks);
    } catch (IllegalArgumentException e) {
      throw ServerError.invalid(
          "ip_access_list must have addresses and networks, such as 203.0.113.7 and"
              + " 203.0.113.0/24; '"
              + e.getMessage()
              + "' is neither");
    }
    return new StoredRecipient.Details(
        body.text("comment", LONGEST_COMMENT)
            .or(before::comment)
            .filter(comment -> !comment.isEmpty()),
        body.properties("properties").orElse(before.properties()),
        networks,
        body.has("oidc_policy") ? Optional.of(policy(body.object("oidc_policy"))) : before.oidc(),
        body.text("owner", LONGEST_NAME).orElse(before.owner()));
  }
}
