/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.publish;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is to become of a file. Immutable.
 *
 * @param name the publication's; empty for one after the file's name
 * @param comment what it is
 * @param file how the file is to be read
 * @param mode whether the table is new
 * @param setAside whether lines with defects are left out; else they stop it
 * @param share where it is to be shared; empty for nowhere
 */
public record PublicationRequest(
    Optional<String> name,
    Optional<String> comment,
    FileOptions file,
    Mode mode,
    boolean setAside,
    Optional<Sharing> share) {

  /** What becomes of a publication that is there. */
  public enum Mode {
    CREATE,
    APPEND,
    REPLACE
  }

  /**
   * What the sender knows of the file; what is empty is found out. Immutable.
   *
   * @param fileName its name where it comes from
   * @param encoding of its text
   * @param delimiter between fields
   * @param quote around fields
   * @param header whether it has one
   * @param nullTexts which texts are null, besides none
   * @param columns all columns' names and types, in order, where they are not as they are found
   * @param types types of columns, by their names
   */
  public record FileOptions(
      String fileName,
      Optional<String> encoding,
      Optional<Character> delimiter,
      char quote,
      Optional<Boolean> header,
      Set<String> nullTexts,
      Optional<List<ColumnCorrection>> columns,
      Map<String, String> types) {}

  /** A column's name and type; what is empty stays as it was found. */
  public record ColumnCorrection(Optional<String> name, Optional<String> type) {}

  /**
   * A place in a share. Immutable.
   *
   * @param share the share, which is made if it is not there
   * @param schema the schema in it
   * @param table the table; empty for the publication's name
   * @param recipients who may read the share from now on
   */
  public record Sharing(
      String share, String schema, Optional<String> table, List<String> recipients) {}
}
