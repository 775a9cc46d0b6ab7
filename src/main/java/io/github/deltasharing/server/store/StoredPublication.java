/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.store;

import java.net.URI;
import java.util.Map;
import java.util.Optional;

/**
 * A table that was made of files which were uploaded. Immutable.
 *
 * @param id stays when anything else changes
 * @param name its name
 * @param comment what it is
 * @param location where the table lies
 * @param upload what its latest version was made of
 * @param shared as what it is in a share; empty if it is in none
 * @param owner the principal that answers for it
 * @param provenance who made and changed it
 */
public record StoredPublication(
    String id,
    String name,
    Optional<String> comment,
    URI location,
    Upload upload,
    Optional<SharedAs> shared,
    String owner,
    Provenance provenance) {

  /**
   * A file, and what became of it. Immutable.
   *
   * @param fileName its name where it came from
   * @param bytes its length
   * @param format encoding and delimiter, as they were found or said
   * @param rows how many rows of it are in the table
   * @param setAside how many of its lines are not
   * @param tableVersion the version of the table
   */
  public record Upload(
      String fileName,
      long bytes,
      Map<String, String> format,
      long rows,
      long setAside,
      long tableVersion) {}

  /**
   * What a share holds of it. Immutable.
   *
   * @param objectId the object in the share
   * @param share the share's name
   * @param schema the schema in it
   * @param table the table in that
   */
  public record SharedAs(String objectId, String share, String schema, String table) {}
}
