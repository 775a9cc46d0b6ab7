/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.admin;

import io.github.deltasharing.server.auth.SecretToken;
import io.github.deltasharing.server.config.ConfigException;
import io.github.deltasharing.server.store.AdminRole;
import io.github.deltasharing.server.store.AuditEvent.Action;
import io.github.deltasharing.server.store.Change;
import io.github.deltasharing.server.store.Database;
import io.github.deltasharing.server.store.Names;
import io.github.deltasharing.server.store.PrincipalStore;
import io.github.deltasharing.server.store.PrivateFile;
import io.github.deltasharing.server.store.StoredPrincipal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the first admin of a store, and a file with its token that its owner alone may read. */
public final class AdminBootstrap {
  private static final Logger LOG = LoggerFactory.getLogger(AdminBootstrap.class);
  private static final int OK = 200;

  /** The first admin. */
  public static final String NAME = "admin";

  /** The name of the file in the directory. */
  public static final String FILE = "admin-token";

  private AdminBootstrap() {}

  /**
   * Makes the admin if the store has no principal; of several servers one does it.
   *
   * @param data the directory of the file
   * @throws ConfigException when there is no directory, or the file cannot be written
   */
  public static void run(Database database, Optional<Path> data, Clock clock) {
    PrincipalStore store = new PrincipalStore();
    Optional<Path> written =
        database.write(
            session -> {
              if (!store.isEmpty(session)) {
                return Optional.empty();
              }
              Path directory =
                  data.orElseThrow(
                      () ->
                          new ConfigException(
                              "The database has no admin yet. Start the server once with --data"
                                  + " DIR: the admin's token is written to DIR/"
                                  + FILE));
              String token = SecretToken.mint();
              store.create(
                  session,
                  NAME,
                  AdminRole.ADMIN,
                  SecretToken.hash(token),
                  new Change("bootstrap", clock.instant()));
              // Should the transaction fail after this, the token is of no use to anybody.
              return Optional.of(write(directory.resolve(FILE), token));
            });
    written.ifPresent(file -> LOG.info("The token of the first admin is in {}", file));
  }

  /**
   * Gives a principal another token, and the role of an admin; one that is not there is made. The
   * old token is refused from now on.
   *
   * @param file gets the token
   * @throws ConfigException when the file cannot be written
   */
  public static void reset(Database database, String name, Path file, String by, Clock clock) {
    PrincipalStore store = new PrincipalStore();
    Change change = new Change(by, clock.instant());
    String token = SecretToken.mint();
    String hash = SecretToken.hash(token);
    database.write(
        session -> {
          Optional<StoredPrincipal> principal = store.lockIfThere(session, name);
          if (principal.isPresent()) {
            store.replaceToken(session, principal.get(), hash, change);
            store.update(session, principal.get(), AdminRole.ADMIN, change);
          } else {
            store.create(session, Names.check("name", name), AdminRole.ADMIN, hash, change);
          }
          return write(file, token);
        });
    new LocalAudit(database, by, clock)
        .note(
            new LocalAudit.Operation("adminResetPrincipalToken", Action.UPDATE, "principal", name),
            change.at(),
            OK,
            "");
    LOG.warn("{} has reset the token of the admin {}: it is in {}", by, name, file);
  }

  private static Path write(Path file, String token) {
    try {
      PrivateFile.write(file, token);
      return file;
    } catch (IOException e) {
      throw new ConfigException("Cannot write the admin's token to " + file + ": " + e, e);
    }
  }
}
