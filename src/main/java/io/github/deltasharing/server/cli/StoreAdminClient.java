/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.deltasharing.server.admin.LocalAdmin;
import io.github.deltasharing.server.error.ServerError;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/** The admin API in this process, on a store that it opened. Used by one thread. */
final class StoreAdminClient implements AdminClient {
  private final OpenStore store;
  private final LocalAdmin admin;

  /** Creates the client, which closes the store. */
  StoreAdminClient(OpenStore store) {
    this.store = store;
    this.admin = store.admin();
  }

  @Override
  public ObjectNode send(ApiRequest request) {
    return answer(() -> admin.send(local(request)));
  }

  @Override
  public ObjectNode upload(ApiRequest request, Path file, LongConsumer sent) {
    try (InputStream in = new CountedInput(Files.newInputStream(file), sent)) {
      long bytes = Files.size(file);
      return answer(
          () -> {
            try {
              return admin.upload(local(request), in, bytes);
            } catch (IOException e) {
              throw cannotRead(file, e);
            }
          });
    } catch (IOException e) {
      throw cannotRead(file, e);
    }
  }

  private static CommandException cannotRead(Path file, IOException e) {
    return CommandException.failed("Cannot read " + file + ": " + e.getMessage(), e);
  }

  private static LocalAdmin.Request local(ApiRequest request) {
    return new LocalAdmin.Request(
        request.method(), request.path(), request.query(), request.body(), request.ifMatch());
  }

  private static ObjectNode answer(Supplier<Optional<ObjectNode>> answer) {
    try {
      return answer.get().orElseGet(JsonNodeFactory.instance::objectNode);
    } catch (ServerError e) {
      throw CommandException.failed(
          e.getMessage() + " (" + e.status() + " " + e.errorCode() + ")", e);
    }
  }

  @Override
  public void close() {
    store.close();
  }
}
