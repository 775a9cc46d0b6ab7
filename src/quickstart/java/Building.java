/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
public final class Building {
  private Building() {}

  /** Prints it. */
  public static void main(String[] arguments) {
    System.out.println(
        "Building the connector and the sharing server (a minute or two; the first time longer, while Maven fetches Spark) …");
  }
}
