/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.admin;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.deltasharing.server.config.ConfigException;
import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.server.reload.ConfigReloader;

/** Has the configuration's file read again. Safe for use by several threads. */
final class ReloadEndpoint {
  private final ConfigReloader reloader;

  ReloadEndpoint(ConfigReloader reloader) {
    this.reloader = reloader;
  }

  AdminAnswer reload(AdminCall call) {
    call.body().only();
    if (!reloader.hasSource()) {
      throw ServerError.unsupported(
          "This server was started without a configuration file: there is nothing to read again");
    }
    try {
      ConfigReloader.Outcome outcome = reloader.reload();
      ObjectNode json = JsonNodeFactory.instance.objectNode().put("shares", outcome.shares());
      outcome.taken().forEach(json.putArray("changed")::add);
      outcome.needRestart().forEach(json.putArray("needs_restart")::add);
      return AdminAnswer.ok(json);
    } catch (ConfigException e) {
      throw ServerError.invalid(
          "The configuration was not taken, the one before goes on: " + e.getMessage());
    }
  }
}
