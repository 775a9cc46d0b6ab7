/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.http;

/** Why a response ended before its end. */
public enum CutReason {
  /** The client closed the connection. */
  CLIENT("client"),
  /** The client read too slowly. */
  SLOW("slow"),
  /** The server was stopped. */
  STOP("stop"),
  /** The server failed in the middle of the response. */
  ERROR("error");

  private final String logName;

  CutReason(String logName) {
    this.logName = logName;
  }

  String logName() {
    return logName;
  }
}
