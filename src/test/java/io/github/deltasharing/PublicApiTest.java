/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTag;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.github.deltasharing.annotation.Internal;
import io.github.deltasharing.annotation.PublicApi;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What users may name, and that nothing else leads there. */
@AnalyzeClasses(packages = "io.github.deltasharing")
@ArchTag("unit")
class PublicApiTest {
  private static final String BASE = "io.github.deltasharing.";

  /** Code in the docs, and names of classes anywhere in them. */
  private static final Pattern CODE =
      Pattern.compile("```(?:java|scala)\n(.*?)```", Pattern.DOTALL);

  private static final Pattern FULL_NAME = Pattern.compile("io\\.github\\.deltasharing\\.[\\w.]+");
  private static final Pattern SIMPLE_NAME = Pattern.compile("\\b[A-Z]\\w+");

  private static boolean isApi(JavaClass type) {
    return type.isAnnotatedWith(PublicApi.class)
        || type.getEnclosingClass().map(PublicApiTest::isApi).orElse(false);
  }

  private static boolean isOurs(JavaClass type) {
    return (type.getPackageName() + ".").startsWith(BASE);
  }

  private static final DescribedPredicate<JavaClass> API =
      describe("are marked @PublicApi", PublicApiTest::isApi);

  private static final DescribedPredicate<JavaClass> UNMARKED =
      describe(
          "are ours and not marked @PublicApi",
          type ->
              isOurs(type)
                  && !isApi(type)
                  && !type.getPackageName().equals(BASE + "annotation")
                  && !type.getPackageName().equals(BASE + "examples"));

  @ArchTest
  static final ArchRule examplesUseTheApiOnly =
      noClasses()
          .that()
          .resideInAPackage(BASE + "examples")
          .and()
          .haveNameNotMatching(".*Test(\\$.*)?")
          .should()
          .dependOnClassesThat(UNMARKED);

  @ArchTest static final ArchRule apiTypesArePublic = classes().that(API).should().bePublic();

  @ArchTest
  static final ArchRule signaturesOfTheApiMentionTheApiOnly =
      classes()
          .that(API)
          .should(
              new ArchCondition<JavaClass>("mention only API, JDK, Spark, Scala and Jackson") {
                @Override
                public void check(JavaClass type, ConditionEvents events) {
                  mentioned(type)
                      .filter(named -> !isAllowed(named.type()))
                      .forEach(
                          named ->
                              events.add(
                                  SimpleConditionEvent.violated(
                                      type,
                                      named.where() + " mentions " + named.type().getName())));
                }
              });

  private record Mention(String where, JavaClass type) {}

  private static boolean isAllowed(JavaClass type) {
    String name = type.getBaseComponentType().getName();
    return type.getBaseComponentType().isPrimitive()
        || isApi(type.getBaseComponentType())
        || Stream.of("java.", "org.apache.spark.", "scala.", "com.fasterxml.jackson.")
            .anyMatch(name::startsWith);
  }

  private static Stream<Mention> mentioned(JavaClass type) {
    Stream<Mention> supertypes =
        Stream.concat(type.getRawSuperclass().stream(), type.getRawInterfaces().stream())
            // A type of its package alone is nobody's to name.
            .filter(supertype -> supertype.getModifiers().contains(JavaModifier.PUBLIC))
            .map(supertype -> new Mention(type.getName(), supertype));
    Stream<Mention> members =
        type.getMembers().stream()
            .filter(PublicApiTest::isOffered)
            .flatMap(
                member -> types(member).map(named -> new Mention(member.getFullName(), named)));
    return Stream.concat(supertypes, members);
  }

  private static boolean isOffered(JavaMember member) {
    Set<JavaModifier> modifiers = member.getModifiers();
    return (modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED))
        && !modifiers.contains(JavaModifier.SYNTHETIC)
        && !member.isAnnotatedWith(Internal.class);
  }

  private static Stream<JavaClass> types(JavaMember member) {
    if (member instanceof JavaField field) {
      return field.getAllInvolvedRawTypes().stream();
    }
    JavaCodeUnit unit = (JavaCodeUnit) member;
    return Stream.concat(
        unit.getAllInvolvedRawTypes().stream(),
        unit.getExceptionTypes().stream().map(JavaType::toErasure));
  }

  @ArchTest
  static void docsNameTheApiOnly(JavaClasses all) throws IOException {
    List<JavaClass> ours = all.stream().filter(type -> !type.isAnonymousClass()).toList();
    Set<String> api =
        ours.stream().filter(PublicApiTest::isApi).map(JavaClass::getSimpleName).collect(toSet());
    Set<String> hidden =
        ours.stream()
            .filter(UNMARKED)
            .map(JavaClass::getSimpleName)
            .filter(name -> !api.contains(name))
            .collect(toCollection(TreeSet::new));
    Set<String> wrong = new TreeSet<>();
    for (Path page : pages()) {
      String text = Files.readString(page);
      FULL_NAME
          .matcher(text)
          .results()
          .map(match -> match.group().replaceAll("\\.$", ""))
          .filter(name -> Character.isUpperCase(name.charAt(name.lastIndexOf('.') + 1)))
          .filter(name -> !all.contain(name) || UNMARKED.test(all.get(name)))
          .forEach(name -> wrong.add(page + ": " + name));
      for (Matcher code = CODE.matcher(text); code.find(); ) {
        SIMPLE_NAME
            .matcher(code.group(1))
            .results()
            .map(match -> match.group())
            .filter(hidden::contains)
            .forEach(name -> wrong.add(page + ": " + name));
      }
    }
    assertThat(wrong).as("types that docs name and users may not").isEmpty();
  }

  /** README and all pages but those for developers, and the examples in other languages. */
  private static List<Path> pages() throws IOException {
    try (Stream<Path> files =
        Stream.of("docs", "docker", "connector-examples", "client").flatMap(PublicApiTest::walk)) {
      return Stream.concat(Stream.of(Path.of("README.md")), files)
          .filter(file -> file.toString().matches(".*(\\.md|\\.py|Dockerfile)"))
          .filter(file -> !file.endsWith("development.md"))
          .toList();
    }
  }

  private static Stream<Path> walk(String directory) {
    try {
      return Files.walk(Path.of(directory));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
