/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.admin;

import io.github.deltasharing.server.config.ProviderSettings;
import io.github.deltasharing.server.oidc.OidcVerifier;
import io.github.deltasharing.server.publish.Publications;
import io.github.deltasharing.server.recipient.ObjectTables;
import io.github.deltasharing.server.recipient.RecipientTokens;
import io.github.deltasharing.server.reload.ConfigReloader;
import io.github.deltasharing.server.share.ConfiguredShares;
import io.github.deltasharing.server.share.TableSources;
import io.github.deltasharing.server.store.Database;
import java.util.Optional;

/** The endpoints of the admin API. Safe for use by several threads. */
public final class AdminEndpoints {
  private final ShareEndpoints shares;
  private final TableEndpoints tables;
  private final PermissionEndpoints permissions;
  private final RecipientEndpoints recipients;
  private final PrincipalEndpoints principals;
  private final PublicationEndpoints publications;
  private final ReloadEndpoint reload;
  private final AuditEndpoints audit;

  public AdminEndpoints(
      Database database,
      ConfiguredShares configured,
      ObjectTables shared,
      TableSources sources,
      RecipientTokens tokens,
      OidcVerifier oidc,
      ProviderSettings settings,
      Optional<Publications> publishing,
      ConfigReloader reloader) {
    shares =
        new ShareEndpoints(
            database,
            configured,
            new DataObjects(shared.allowed(), table -> sources.open(table).latest()));
    tables = new TableEndpoints(database, configured, shared, sources);
    permissions = new PermissionEndpoints(database, configured);
    recipients = new RecipientEndpoints(database, tokens, oidc, settings);
    principals = new PrincipalEndpoints(database);
    publications = new PublicationEndpoints(publishing);
    reload = new ReloadEndpoint(reloader);
    audit = new AuditEndpoints(database);
  }

  PublicationEndpoints publications() {
    return publications;
  }

  AdminAnswer answer(AdminRoute.Endpoint endpoint, AdminCall call) {
    return switch (endpoint) {
      case CREATE_SHARE -> shares.create(call);
      case LIST_SHARES -> shares.list(call);
      case GET_SHARE -> shares.get(call);
      case UPDATE_SHARE -> shares.update(call);
      case DELETE_SHARE -> shares.delete(call);
      case LIST_TABLES -> tables.list(call);
      case GET_TABLE -> tables.get(call);
      case PREVIEW_TABLE -> tables.preview(call);
      case GET_PERMISSIONS -> permissions.ofShare(call);
      case UPDATE_PERMISSIONS -> permissions.update(call);
      case CREATE_RECIPIENT -> recipients.create(call);
      case LIST_RECIPIENTS -> recipients.list(call);
      case GET_RECIPIENT -> recipients.get(call);
      case UPDATE_RECIPIENT -> recipients.update(call);
      case DELETE_RECIPIENT -> recipients.delete(call);
      case ROTATE_RECIPIENT_TOKEN -> recipients.rotateToken(call);
      case GET_SHARE_PERMISSIONS -> permissions.ofRecipient(call);
      case CREATE_PUBLICATION -> publications.create(call);
      case LIST_PUBLICATIONS -> publications.list(call);
      case GET_PUBLICATION -> publications.get(call);
      case DELETE_PUBLICATION -> publications.delete(call);
      case GET_SNIPPETS -> publications.snippets(call);
      case GET_SET_ASIDE -> publications.setAside(call);
      case LIST_AUDIT_EVENTS -> audit.events(call);
      case GET_USAGE -> audit.usage(call);
      case CREATE_PRINCIPAL -> principals.create(call);
      case LIST_PRINCIPALS -> principals.list(call);
      case GET_PRINCIPAL -> principals.get(call);
      case UPDATE_PRINCIPAL -> principals.update(call);
      case DELETE_PRINCIPAL -> principals.delete(call);
      case ROTATE_PRINCIPAL_TOKEN -> principals.rotateToken(call);
      case RELOAD -> reload.reload(call);
    };
  }
}
