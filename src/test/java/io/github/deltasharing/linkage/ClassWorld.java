/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.linkage;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.jar.JarFile;

/**
 * The classes of some jars, the first of a name wins, and of the Java that runs this. Not
 * thread-safe; close it after use.
 */
public final class ClassWorld implements AutoCloseable {
  private final Map<String, JarFile> jarOf = new HashMap<>();
  private final Map<String, Optional<ClassOutline>> outlines = new HashMap<>();
  private final List<JarFile> jars = new ArrayList<>();

  /** The classes of these jars, together with given ones, which come first. */
  public ClassWorld(List<byte[]> first, List<Path> jars) throws IOException {
    first.stream().map(ClassOutline::of).forEach(this::add);
    for (Path path : jars) {
      JarFile jar = new JarFile(path.toFile(), false);
      this.jars.add(jar);
      jar.stream()
          .map(entry -> entry.getName())
          .filter(name -> name.endsWith(".class") && !name.startsWith("META-INF/"))
          .forEach(name -> jarOf.putIfAbsent(name, jar));
    }
  }

  private void add(ClassOutline outline) {
    outlines.putIfAbsent(outline.name(), Optional.of(outline));
  }

  /** A class by its name with slashes. */
  Optional<ClassOutline> find(String name) {
    Optional<ClassOutline> known = outlines.get(name);
    if (known == null) {
      known = load(name + ".class");
      outlines.put(name, known);
    }
    return known;
  }

  private Optional<ClassOutline> load(String file) {
    JarFile jar = jarOf.get(file);
    try (InputStream in =
        jar == null
            ? ClassLoader.getPlatformClassLoader().getResourceAsStream(file)
            : jar.getInputStream(jar.getEntry(file))) {
      return in == null ? Optional.empty() : Optional.of(ClassOutline.of(in.readAllBytes()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The class and all its supertypes that are found, superclasses first. */
  List<ClassOutline> lineage(ClassOutline of) {
    List<ClassOutline> all = superclasses(of);
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < all.size(); i++) {
      for (String name : all.get(i).interfaces()) {
        if (seen.add(name)) {
          find(name).ifPresent(all::add);
        }
      }
    }
    return all;
  }

  /** The class and its superclasses, as far as they are found. */
  List<ClassOutline> superclasses(ClassOutline of) {
    List<ClassOutline> all = new ArrayList<>();
    for (Optional<ClassOutline> next = Optional.of(of); next.isPresent(); ) {
      all.add(next.get());
      String parent = next.get().parent();
      next = parent == null ? Optional.empty() : find(parent);
    }
    return all;
  }

  @Override
  public void close() throws IOException {
    for (JarFile jar : jars) {
      jar.close();
    }
  }
}
