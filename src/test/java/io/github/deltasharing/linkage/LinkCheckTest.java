/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.linkage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each kind of reference that breaks between two releases of a library is found: a class is
 * compiled against the one, and checked against the other.
 */
@Tag("unit")
class LinkCheckTest {
  private static final Pattern NAME = Pattern.compile("(?:class|interface|record) (\\w+)");

  /** What every case finds unchanged. */
  private static final String BASE =
      "package lib; public class Base { protected int kept; public static void run(Runnable r) {} protected void inherited() {} }";

  @TempDir Path directory;

  static Stream<Arguments> changes() {
    return Stream.of(
        change(
            "a class that is gone",
            "public class Gone {}",
            "class Other {}",
            "class User { Object o = new lib.Gone(); }",
            "no class lib/Gone"),
        change(
            "a class that is only named in a signature",
            "public class Gone {}",
            "class Other {}",
            "abstract class User { abstract void f(java.util.List<String> l, lib.Gone[] g); }",
            "no class lib/Gone"),
        change(
            "a class that is only caught",
            "public class Gone extends RuntimeException {}",
            "class Other {}",
            "class User { void f() { try { run(); } catch (lib.Gone e) { throw e; } } void run() {} }",
            "no class lib/Gone"),
        change(
            "a class that is public no more",
            "public class Lib { public static int f() { return 1; } }",
            "class Lib { public static int f() { return 1; } }",
            "class User { int i = lib.Lib.f(); }",
            "lib/Lib is not public"),
        change(
            "a method that is private now",
            "public class Lib { public static void f() {} }",
            "public class Lib { private static void f() {} }",
            "class User { void f() { lib.Lib.f(); } }",
            "lib/Lib.f()V is private in lib/Lib"),
        change(
            "a method that only its package sees now, through a method reference",
            "public class Lib { public static void f() {} }",
            "public class Lib { static void f() {} }",
            "class User { Runnable r = lib.Lib::f; }",
            "lib/Lib.f()V is visible in its package only in lib/Lib"),
        change(
            "a method that only subclasses see now",
            "public class Lib { public void f() {} }",
            "public class Lib { protected void f() {} }",
            "class User { void f(lib.Lib l) { l.f(); } }",
            "lib/Lib.f()V is protected in lib/Lib"),
        change(
            "another type of a parameter",
            "public class Lib { public static void f(int i) {} }",
            "public class Lib { public static void f(long l) {} }",
            "class User { void f() { lib.Lib.f(1); } }",
            "no method lib/Lib.f(I)V"),
        change(
            "another type of the result",
            "public class Lib { public String f() { return null; } }",
            "public class Lib { public CharSequence f() { return null; } }",
            "class User { Object f(lib.Lib l) { return l.f(); } }",
            "no method lib/Lib.f()Ljava/lang/String;"),
        change(
            "a constructor with more parameters",
            "public class Lib { public Lib() {} }",
            "public class Lib { public Lib(int i) {} }",
            "class User extends lib.Lib {}",
            "no method lib/Lib.<init>()V"),
        change(
            "a method that is static now",
            "public class Lib { public void f() {} }",
            "public class Lib { public static void f() {} }",
            "class User { void f(lib.Lib l) { l.f(); } }",
            "lib/Lib.f()V is static"),
        change(
            "a method that is static no more",
            "public class Lib { public static void f() {} }",
            "public class Lib { public void f() {} }",
            "class User { void f() { lib.Lib.f(); } }",
            "lib/Lib.f()V is not static"),
        change(
            "a class that is an interface now",
            "public abstract class Lib { public abstract void f(); }",
            "public interface Lib { void f(); }",
            "class User { void f(lib.Lib l) { l.f(); } }",
            "lib/Lib.f()V: lib/Lib is an interface"),
        change(
            "an interface that is a class now, implemented",
            "public interface Lib { }",
            "public class Lib { }",
            "class User implements lib.Lib { }",
            "implements lib/Lib, which is a class"),
        change(
            "a class that is abstract now",
            "public class Lib {}",
            "public abstract class Lib {}",
            "class User { Object o = new lib.Lib(); }",
            "makes lib/Lib, which is abstract"),
        change(
            "a class that is final now",
            "public class Lib {}",
            "public final class Lib {}",
            "class User extends lib.Lib {}",
            "extends lib/Lib, which is an interface or final"),
        change(
            "a method that is final now",
            "public class Lib { public void f() {} }",
            "public class Lib { public final void f() {} }",
            "class User extends lib.Lib { @Override public void f() {} }",
            "overrides the final method lib/Lib.f()V"),
        change(
            "a method that an interface demands now",
            "public interface Lib { default void f() {} }",
            "public interface Lib { void f(); }",
            "class User implements lib.Lib {}",
            "lacks the method lib/Lib.f()V"),
        change(
            "an interface of a lambda that demands a second method",
            "public interface Lib { void f(); }",
            "public interface Lib { void f(); void g(); }",
            "class User { lib.Lib l = () -> {}; }",
            "a lambda cannot be a lib/Lib, which demands [f()V, g()V]"),
        change(
            "a field of another type",
            "public class Lib { public static Integer F = 1; }",
            "public class Lib { public static Long F = 1L; }",
            "class User { Object o = lib.Lib.F; }",
            "no field lib/Lib.F Ljava/lang/Integer;"),
        change(
            "a field that is static now",
            "public class Lib { public int f; }",
            "public class Lib { public static int f; }",
            "class User { int f(lib.Lib l) { return l.f; } }",
            "lib/Lib.f I is static"),
        change(
            "a field that is final now",
            "public class Lib { public int f; }",
            "public class Lib { public final int f = 1; }",
            "class User { void f(lib.Lib l) { l.f = 2; } }",
            "lib/Lib.f I is final"),
        change(
            "a method that is no longer inherited",
            "public class Lib extends Base { }",
            "public class Lib { }",
            "class User extends lib.Lib { void g() { inherited(); } }",
            "no method User.inherited()V"));
  }

  private static Arguments change(
      String name, String before, String after, String user, String problem) {
    return Arguments.of(name, before, after, user, problem);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("changes")
  void aChangeIsFound(String name, String before, String after, String user, String problem)
      throws IOException {
    Path old = library("before", before);
    List<byte[]> classes = compile("user", old, user);
    assertThat(problems(classes, old)).isEmpty();
    assertThat(problems(classes, library("after", after)))
        .anySatisfy(line -> assertThat(line).isEqualTo("User: " + problem));
  }

  /** What links in ways that need a second look. */
  @Test
  void whatLinksIsNotFound() throws IOException {
    String lib =
        "public class Lib extends Base { protected Lib(int i) {} public interface Fun<T> { T f(T t); boolean equals(Object o); }"
            + " protected static class Part { public int i; } }";
    Path jar = library("lib", lib);
    List<byte[]> classes =
        compile(
            "user",
            jar,
            """
            class User extends lib.Lib {
              User() { super(1); kept = 2; }
              class Inner { int f() { return User.this.kept; } }
              lib.Lib.Fun<String> fun = text -> text + this.kept;
              Part part(Part[] parts) { return parts.clone()[0]; }
              Runnable inherited = this::inherited;
              record Two(int a, String b) {}
              Object handle() throws Throwable {
                return (int) java.lang.invoke.MethodHandles.constant(int.class, 1).invokeExact();
              }
            }""");
    assertThat(classes).hasSize(3);
    assertThat(problems(classes, jar)).isEmpty();
  }

  private static List<String> problems(List<byte[]> classes, Path jar) throws IOException {
    try (ClassWorld world = new ClassWorld(classes, List.of(jar))) {
      return LinkCheck.problems(classes, world);
    }
  }

  private Path library(String name, String source) throws IOException {
    Path jar = directory.resolve(name + ".jar");
    List<Path> files = compiled(name, null, BASE, "package lib; " + source);
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      for (Path file : files) {
        out.putNextEntry(new JarEntry("lib/" + file.getFileName()));
        out.write(Files.readAllBytes(file));
      }
    }
    return jar;
  }

  private List<byte[]> compile(String name, Path library, String source) throws IOException {
    List<byte[]> classes = new ArrayList<>();
    for (Path file : compiled(name, library, source)) {
      classes.add(Files.readAllBytes(file));
    }
    return classes;
  }

  private List<Path> compiled(String name, Path library, String... sources) throws IOException {
    Path out = Files.createDirectories(directory.resolve(name));
    List<String> arguments = new ArrayList<>(List.of("-d", out.toString(), "-proc:none"));
    if (library != null) {
      arguments.addAll(List.of("-cp", library.toString()));
    }
    for (String source : sources) {
      Matcher type = NAME.matcher(source);
      assertThat(type.find()).isTrue();
      Path file = Files.createDirectories(out.resolve("src")).resolve(type.group(1) + ".java");
      arguments.add(Files.writeString(file, source).toString());
    }
    int failed =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, arguments.toArray(String[]::new));
    assertThat(failed).isZero();
    try (Stream<Path> files = Files.walk(out)) {
      return files.filter(file -> file.toString().endsWith(".class")).toList();
    }
  }
}
