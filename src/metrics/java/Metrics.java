/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Measures of the main tree, as Markdown: sizes, visibility, arrows and circles. Run by {@code mvn
 * -q -Pmetrics compile} in source-file mode, so one file; the argument is the directory of a
 * compiled checkout.
 *
 * <p>Dependencies are those of the byte code: constants that the compiler copies do not count, nor
 * do words in comments. Nested types belong to their top-level type. An arrow is a pair of packages
 * of which the first uses the second. A circle is a largest set of packages, or of top-level types
 * in one package, that all reach each other.
 */
public final class Metrics {
  private static final String BASE = "io.github.deltasharing";
  private static final String MARK = BASE + ".annotation.PublicApi";

  private final Path sources;
  private final Collection<JavaClass> types;

  private Metrics(Path checkout) {
    sources = checkout.resolve("src/main/java").resolve(BASE.replace('.', '/'));
    JavaClasses imported =
        new ClassFileImporter()
            .importPath(checkout.resolve("target/classes").resolve(BASE.replace('.', '/')));
    types =
        imported.stream()
            .filter(type -> !type.isAnonymousClass() && !type.isLocalClass())
            .filter(type -> !type.getModifiers().contains(JavaModifier.SYNTHETIC))
            .filter(type -> !type.getSimpleName().equals("package-info"))
            .toList();
  }

  public static void main(String[] arguments) throws IOException {
    new Metrics(Path.of(arguments[0])).print();
  }

  private void print() throws IOException {
    Map<String, Set<String>> arrows = arrows();
    Map<String, List<Set<String>>> circlesOfTypes = new TreeMap<>();
    typesByPackage()
        .forEach((name, members) -> circlesOfTypes.put(name, circles(usesInside(members))));
    Map<String, Long> lines = linesByPackage();

    System.out.println(
        "| Package | Files | Types | Public | API | Lines | Circles of types | Uses |");
    System.out.println("|---|---|---|---|---|---|---|---|");
    for (String name : typesByPackage().keySet()) {
      List<JavaClass> members = typesByPackage().get(name);
      System.out.printf(
          "| `%s` | %d | %d | %d | %d | %d | %s | %s |%n",
          name,
          members.stream().filter(JavaClass::isTopLevelClass).count(),
          members.size(),
          members.stream().filter(Metrics::isVisible).count(),
          members.stream().filter(Metrics::isMarked).count(),
          lines.getOrDefault(name, 0L),
          sizes(circlesOfTypes.get(name)),
          arrows.getOrDefault(name, Set.of()).stream()
              .map(used -> "`" + used + "`")
              .collect(Collectors.joining(" ")));
    }

    List<Set<String>> circlesOfPackages = circles(arrows);
    System.out.println();
    System.out.println("| Measure | Value |");
    System.out.println("|---|---|");
    row("Packages", typesByPackage().size());
    row("Files (top-level types)", types.stream().filter(JavaClass::isTopLevelClass).count());
    row("Types", types.size());
    row("Lines", lines.values().stream().mapToLong(Long::longValue).sum());
    row("Longest file", longestFile());
    row("Public types", types.stream().filter(Metrics::isVisible).count());
    row("Types marked as API", types.stream().filter(Metrics::isMarked).count());
    row("Arrows between packages", arrows.values().stream().mapToInt(Set::size).sum());
    row("Circles between packages", named(circlesOfPackages));
    row(
        "Circles between types of a package (types in them)",
        "%d (%d)"
            .formatted(
                circlesOfTypes.values().stream().mapToInt(List::size).sum(),
                circlesOfTypes.values().stream().flatMap(List::stream).mapToInt(Set::size).sum()));
    row("Largest circle between types of a package", largest(circlesOfTypes));
    row("Longest parameter list", longestParameterList());
    row("Most components of a record", mostComponents());
    row("Simple names that stand twice", namesThatStandTwice());
  }

  private static void row(String measure, Object value) {
    System.out.println("| " + measure + " | " + value + " |");
  }

  private Map<String, List<JavaClass>> typesByPackage() {
    return types.stream().collect(groupingBy(Metrics::room, TreeMap::new, Collectors.toList()));
  }

  private static String room(JavaClass type) {
    String name = type.getPackageName();
    return name.length() > BASE.length() ? name.substring(BASE.length() + 1) : "(base)";
  }

  /** Public, and so is every type around it. */
  private static boolean isVisible(JavaClass type) {
    return type.getModifiers().contains(JavaModifier.PUBLIC)
        && type.getEnclosingClass().map(Metrics::isVisible).orElse(true);
  }

  private static boolean isMarked(JavaClass type) {
    return isVisible(type)
        && (type.isAnnotatedWith(MARK)
            || type.getEnclosingClass().map(Metrics::isMarked).orElse(false));
  }

  private Map<String, Long> linesByPackage() throws IOException {
    Map<String, Long> lines = new TreeMap<>();
    for (Path file : files()) {
      Path relative = sources.relativize(file.getParent());
      String name = relative.toString().replace('/', '.');
      lines.merge(name.isEmpty() ? "(base)" : name, length(file), Long::sum);
    }
    return lines;
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> walk = Files.walk(sources)) {
      return walk.filter(file -> file.toString().endsWith(".java")).toList();
    }
  }

  private static long length(Path file) {
    try (Stream<String> lines = Files.lines(file)) {
      return lines.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String longestFile() throws IOException {
    Path longest = files().stream().max(Comparator.comparingLong(Metrics::length)).orElseThrow();
    return length(longest) + " (`" + sources.relativize(longest) + "`)";
  }

  private Map<String, Set<String>> arrows() {
    Map<String, Set<String>> arrows = new TreeMap<>();
    for (JavaClass type : types) {
      for (JavaClass used : usedBy(type)) {
        if (!room(used).equals(room(type))) {
          arrows.computeIfAbsent(room(type), any -> new TreeSet<>()).add(room(used));
        }
      }
    }
    return arrows;
  }

  private static Map<String, Set<String>> usesInside(List<JavaClass> members) {
    Map<String, Set<String>> uses = new TreeMap<>();
    for (JavaClass type : members) {
      Set<String> used = uses.computeIfAbsent(topLevel(type).getName(), any -> new TreeSet<>());
      usedBy(type).stream()
          .filter(other -> room(other).equals(room(type)))
          .filter(other -> !topLevel(other).equals(topLevel(type)))
          .forEach(other -> used.add(topLevel(other).getName()));
    }
    return uses;
  }

  private static Set<JavaClass> usedBy(JavaClass type) {
    return type.getDirectDependenciesFromSelf().stream()
        .map(Dependency::getTargetClass)
        .map(JavaClass::getBaseComponentType)
        .filter(used -> used.getPackageName().startsWith(BASE))
        .collect(Collectors.toSet());
  }

  private static JavaClass topLevel(JavaClass type) {
    return type.getEnclosingClass().map(Metrics::topLevel).orElse(type);
  }

  /** The strongly connected components of two nodes or more, the largest first (Tarjan). */
  private static List<Set<String>> circles(Map<String, Set<String>> uses) {
    List<Set<String>> found = new ArrayList<>();
    Map<String, Integer> numbers = new HashMap<>();
    Map<String, Integer> lowest = new HashMap<>();
    Deque<String> open = new ArrayDeque<>();
    for (String node : uses.keySet()) {
      if (!numbers.containsKey(node)) {
        visit(node, uses, numbers, lowest, open, found);
      }
    }
    found.sort(Comparator.<Set<String>>comparingInt(Set::size).reversed());
    return found;
  }

  private static void visit(
      String node,
      Map<String, Set<String>> uses,
      Map<String, Integer> numbers,
      Map<String, Integer> lowest,
      Deque<String> open,
      List<Set<String>> found) {
    numbers.put(node, numbers.size());
    lowest.put(node, numbers.get(node));
    open.push(node);
    for (String used : uses.getOrDefault(node, Set.of())) {
      if (!numbers.containsKey(used)) {
        visit(used, uses, numbers, lowest, open, found);
        lowest.merge(node, lowest.get(used), Math::min);
      } else if (open.contains(used)) {
        lowest.merge(node, numbers.get(used), Math::min);
      }
    }
    if (lowest.get(node).equals(numbers.get(node))) {
      Set<String> component = new TreeSet<>();
      String last;
      do {
        last = open.pop();
        component.add(last);
      } while (!last.equals(node));
      if (component.size() > 1) {
        found.add(component);
      }
    }
  }

  private static String sizes(List<Set<String>> circles) {
    return circles.isEmpty()
        ? "0"
        : circles.size()
            + " (of "
            + circles.stream().map(Set::size).map(String::valueOf).collect(Collectors.joining(", "))
            + ")";
  }

  private static String named(List<Set<String>> circles) {
    return circles.isEmpty() ? "0" : circles.size() + " " + circles;
  }

  private static String largest(Map<String, List<Set<String>>> circles) {
    return circles.entrySet().stream()
        .filter(entry -> !entry.getValue().isEmpty())
        .max(Comparator.comparingInt(entry -> entry.getValue().get(0).size()))
        .map(entry -> entry.getValue().get(0).size() + " types (`" + entry.getKey() + "`)")
        .orElse("0");
  }

  private String longestParameterList() {
    Optional<JavaCodeUnit> longest =
        types.stream()
            .flatMap(type -> type.getCodeUnits().stream())
            .filter(unit -> !unit.getModifiers().contains(JavaModifier.SYNTHETIC))
            .filter(unit -> !(unit instanceof JavaConstructor && isGenerated(unit.getOwner())))
            .max(Comparator.comparingInt(unit -> unit.getRawParameterTypes().size()));
    return longest
        .map(
            unit ->
                "%d (`%s.%s`)"
                    .formatted(
                        unit.getRawParameterTypes().size(),
                        unit.getOwner().getSimpleName(),
                        unit.getName().replace("<init>", "new")))
        .orElse("0");
  }

  /** Their constructors' parameters are what the type holds, or the compiler's. */
  private static boolean isGenerated(JavaClass type) {
    return type.isRecord() || type.isEnum();
  }

  private String mostComponents() {
    return types.stream()
        .filter(JavaClass::isRecord)
        .max(Comparator.comparingInt(Metrics::components))
        .map(type -> components(type) + " (`" + type.getSimpleName() + "`)")
        .orElse("0");
  }

  private static int components(JavaClass type) {
    return (int)
        type.getFields().stream()
            .filter(field -> !field.getModifiers().contains(JavaModifier.STATIC))
            .count();
  }

  private Object namesThatStandTwice() {
    List<String> twice =
        types.stream()
            .filter(JavaClass::isTopLevelClass)
            .map(JavaClass::getSimpleName)
            .collect(groupingBy(Function.identity(), TreeMap::new, counting()))
            .entrySet()
            .stream()
            .filter(entry -> entry.getValue() > 1)
            .map(Map.Entry::getKey)
            .toList();
    return twice.isEmpty() ? 0 : twice.size() + " " + twice;
  }
}
