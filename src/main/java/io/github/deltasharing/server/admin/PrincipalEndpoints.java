/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.deltasharing.server.auth.SecretToken;
import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.server.store.AdminRole;
import io.github.deltasharing.server.store.Database;
import io.github.deltasharing.server.store.Names;
import io.github.deltasharing.server.store.PrincipalStore;
import io.github.deltasharing.server.store.StoredPrincipal;
import java.util.Locale;

/**
 * The principals of the provider's side. A token is in one response, when it is made. Safe for use
 * by several threads.
 */
final class PrincipalEndpoints {
  private static final int LONGEST_NAME = 255;

  private final Database database;
  private final PrincipalStore store = new PrincipalStore();

  PrincipalEndpoints(Database database) {
    this.database = database;
  }

  AdminAnswer create(AdminCall call) {
    AdminBody body = call.body().only("name", "role");
    String name = Names.check("name", body.requiredText("name", LONGEST_NAME));
    AdminRole role = role(body);
    String token = SecretToken.mint();
    StoredPrincipal principal =
        database.write(
            session -> store.create(session, name, role, SecretToken.hash(token), call.change()));
    return AdminAnswer.created(AdminJson.principal(principal).put("bearer_token", token))
        .of(principal.provenance());
  }

  private static AdminRole role(AdminBody body) {
    String role = body.requiredText("role", LONGEST_NAME);
    for (AdminRole known : AdminRole.values()) {
      if (known.name().equals(role.toUpperCase(Locale.ROOT))) {
        return known;
      }
    }
    throw ServerError.invalid("role must be ADMIN, EDITOR or VIEWER");
  }

  AdminAnswer list(AdminCall call) {
    return AdminAnswer.page(
        database.read(session -> store.page(session, call.page())), AdminJson::principal);
  }

  AdminAnswer get(AdminCall call) {
    return answer(database.read(session -> store.require(session, call.name())));
  }

  private static AdminAnswer answer(StoredPrincipal principal) {
    return AdminAnswer.ok(AdminJson.principal(principal)).of(principal.provenance());
  }

  AdminAnswer update(AdminCall call) {
    AdminRole role = role(call.body().only("role"));
    return database.write(
        session -> {
          StoredPrincipal principal = store.lock(session, call.name());
          call.checkVersion(principal.provenance());
          store.update(session, principal, role, call.change());
          return answer(store.require(session, call.name()));
        });
  }

  AdminAnswer delete(AdminCall call) {
    return database.write(
        session -> {
          StoredPrincipal principal = store.lock(session, call.name());
          call.checkVersion(principal.provenance());
          store.delete(session, principal);
          return AdminAnswer.nothing();
        });
  }

  AdminAnswer rotateToken(AdminCall call) {
    call.body().only();
    String token = SecretToken.mint();
    return database.write(
        session -> {
          StoredPrincipal principal = store.lock(session, call.name());
          call.checkVersion(principal.provenance());
          store.replaceToken(session, principal, SecretToken.hash(token), call.change());
          ObjectNode json = AdminJson.principal(store.require(session, call.name()));
          return AdminAnswer.ok(json.put("bearer_token", token));
        });
  }
}
