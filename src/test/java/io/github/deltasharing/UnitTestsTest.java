/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTag;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.github.deltasharing.testing.TestSpark;
import org.junit.jupiter.api.Tag;

/** What {@code mvn -Pfast verify} runs starts no Spark. */
@AnalyzeClasses(
    packages = "io.github.deltasharing",
    importOptions = ImportOption.OnlyIncludeTests.class)
@ArchTag("unit")
class UnitTestsTest {
  @ArchTest
  static final ArchRule unitTestsStartNoSpark =
      noClasses()
          .that(
              describe(
                  "are tagged unit",
                  (JavaClass type) ->
                      type.tryGetAnnotationOfType(Tag.class)
                          .map(tag -> tag.value().equals("unit"))
                          .orElse(false)))
          .should()
          .transitivelyDependOnClassesThat()
          .belongToAnyOf(TestSpark.class);
}
