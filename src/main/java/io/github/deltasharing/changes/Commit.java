/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.changes;

import io.github.deltasharing.error.ChangeErrors;
import io.github.deltasharing.protocol.ChangeFile;
import io.github.deltasharing.protocol.ChangeFile.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The files of one commit, as far as rows changed in them. In a commit that has files of changed
 * rows, only these count. Built by one thread.
 */
final class Commit {
  private final String table;
  private final Map<String, ChangeFile> added = new LinkedHashMap<>();
  private final Map<String, ChangeFile> removed = new LinkedHashMap<>();
  private final Map<String, ChangeFile> changed = new LinkedHashMap<>();

  Commit(String table) {
    this.table = table;
  }

  void add(ChangeFile change) {
    if (!change.dataChange() && change.kind() != Kind.CDC) {
      return;
    }
    Map<String, ChangeFile> files =
        switch (change.kind()) {
          case ADD -> added;
          case REMOVE -> removed;
          case CDC -> changed;
        };
    if (files.put(change.file().id(), change) != null) {
      throw ChangeErrors.listedTwice(table, change.file().id(), change.file().version());
    }
  }

  /** Files of changed rows, each with its type; the others do not count then. */
  List<ChangeFile> changed() {
    return List.copyOf(changed.values());
  }

  /** Files that came, or went, as a whole. */
  List<ChangeFile> alone() {
    List<ChangeFile> alone = new ArrayList<>();
    added.values().stream().filter(f -> !removed.containsKey(id(f))).forEach(alone::add);
    removed.values().stream().filter(f -> !added.containsKey(id(f))).forEach(alone::add);
    return alone;
  }

  /** Files that went and came back, with other rows deleted: as they came. */
  List<ChangeFile> replaced() {
    return added.values().stream().filter(f -> removed.containsKey(id(f))).toList();
  }

  /** The same file as it went. */
  ChangeFile before(ChangeFile replaced) {
    return removed.get(id(replaced));
  }

  private static String id(ChangeFile change) {
    return change.file().id();
  }
}
