/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.cli;

/** A command that cannot be done: an exit code, and a line for who gave it. */
final class CommandException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int code;

  private CommandException(int code, String message, Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  /** Refused by the server, or failed on the way to it. */
  static CommandException failed(String message, Throwable cause) {
    return new CommandException(1, message, cause);
  }

  /** As above. */
  static CommandException failed(String message) {
    return failed(message, null);
  }

  /** Not what the command takes. */
  static CommandException wrong(String message) {
    return new CommandException(2, message, null);
  }

  int code() {
    return code;
  }
}
