package io.github.deltasharing.server.http;

/** Why an answer ended before its end. */
public enum Cut {
  /** The client closed the connection. */
  CLIENT("client"),
  /** The client read too slowly. */
  SLOW("slow"),
  /** The server was stopped. */
  STOP("stop"),
  /** The server failed in mid-answer. */
  ERROR("error");

  private final String logName;

  Cut(String logName) {
    this.logName = logName;
  }

  String logName() {
    return logName;
  }
}
