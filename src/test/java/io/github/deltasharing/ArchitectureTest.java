/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTag;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The floors of the house: who may import whom. */
@AnalyzeClasses(
    packages = "io.github.deltasharing",
    importOptions = ImportOption.DoNotIncludeTests.class)
@ArchTag("unit")
class ArchitectureTest {
  private static final String BASE = "io.github.deltasharing.";

  /** Ground first. */
  private static final List<String> FLOORS =
      List.of(
          "annotation",
          "presign",
          "error",
          "cache",
          "options",
          "protocol",
          "http",
          "client",
          "table",
          "source",
          "storage",
          "directory",
          "compat",
          "schema",
          "parquet",
          "read",
          "listing",
          "pushdown",
          "changes",
          "streaming",
          "spark",
          "catalog");

  private static final List<String> SPARK_FLOORS =
      FLOORS.subList(FLOORS.indexOf("compat"), FLOORS.size());

  private static String[] packages(List<String> floors) {
    return floors.stream().map(floor -> BASE + floor + "..").toArray(String[]::new);
  }

  private static String[] and(List<String> floors, String other) {
    String[] all = packages(floors);
    String[] more = Arrays.copyOf(all, all.length + 1);
    more[all.length] = BASE + other + "..";
    return more;
  }

  @ArchTest
  static void noFloorImportsAHigherOne(JavaClasses main) {
    for (int i = 0; i < FLOORS.size() - 1; i++) {
      noClasses()
          .that()
          .resideInAPackage(BASE + FLOORS.get(i) + "..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(and(FLOORS.subList(i + 1, FLOORS.size()), "server"))
          .allowEmptyShould(true)
          .check(main);
    }
  }

  @ArchTest
  static final ArchRule theWireKnowsNoOptions =
      noClasses()
          .that()
          .resideInAPackage(BASE + "protocol..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage(BASE + "options..");

  /** Whoever writes the wire hands over records of this project, made from whatever table it is. */
  @ArchTest
  static final ArchRule theWireKnowsNoTableFormatsLibrary =
      noClasses()
          .that()
          .resideInAPackage(BASE + "protocol..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.delta..", "org.apache.iceberg..", "org.eclipse.jetty..");

  /** Every Spark line has another cloud SDK: what signs needs none. */
  @ArchTest
  static final ArchRule urlsAreSignedByTheJdkAlone =
      classes()
          .that()
          .resideInAPackage(BASE + "presign..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(BASE + "presign..", "java..", "javax.crypto..");

  @ArchTest
  static final ArchRule theWiresRecordsKnowNoJson =
      noClasses()
          .that()
          .resideInAnyPackage(BASE + "protocol", BASE + "protocol.compact")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              BASE + "protocol.codec..", BASE + "protocol.predicate..", "com.fasterxml.jackson..");

  @ArchTest
  static final ArchRule clientAndServerMeetOnTheWireOnly =
      noClasses()
          .that()
          .resideInAPackage(BASE + "server..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              packages(
                  FLOORS.stream()
                      .filter(
                          f ->
                              !List.of(
                                      "annotation",
                                      "presign",
                                      "error",
                                      "cache",
                                      "protocol",
                                      "table",
                                      "source")
                                  .contains(f))
                      .toList()))
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule sparkStartsAtTheSchemaFloor =
      noClasses()
          .that()
          .resideOutsideOfPackages(packages(SPARK_FLOORS))
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.spark..", "scala..");

  @ArchTest
  static final ArchRule theAwsSdkIsWhereTheServersTablesLie =
      noClasses()
          .that()
          .resideOutsideOfPackage(BASE + "server.storage..")
          .and()
          .resideInAPackage("io.github.deltasharing..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("com.amazonaws..", "org.apache.hadoop.fs.s3a..");

  @ArchTest
  static final ArchRule hadoopStartsAtTheSourceFloor =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              and(FLOORS.subList(FLOORS.indexOf("source"), FLOORS.size()), "server"))
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.hadoop..");

  @ArchTest
  static final ArchRule signingInIsBelowTheClient =
      noClasses()
          .that()
          .resideInAPackage(BASE + "client.auth..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage(BASE + "client");

  /** Any way to the bytes plugs in below: nothing above knows which one it is. */
  @ArchTest
  static final ArchRule bytesAreReadWhateverTheWay =
      noClasses()
          .that()
          .resideInAnyPackage(
              BASE + "storage", BASE + "storage.prefetch..", BASE + "read..", BASE + "parquet..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage(BASE + "storage.url..");

  @ArchTest
  static final ArchRule fetchingAheadIsAboveStorage =
      noClasses()
          .that()
          .resideInAnyPackage(BASE + "storage", BASE + "storage.url..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage(BASE + "storage.prefetch..");

  /** Tables make builders, these scans, these batches and streams: nobody asks back. */
  @ArchTest
  static final ArchRule classesOfSparkKnowEachOtherInOneDirection =
      slices()
          .assignedFrom(outerClassesOf(BASE + "spark"))
          .namingSlices("$1")
          .should()
          .beFreeOfCycles();

  /** Each class of a package for itself; nested ones belong to their outer class. */
  private static SliceAssignment outerClassesOf(String name) {
    return new SliceAssignment() {
      @Override
      public SliceIdentifier getIdentifierOf(JavaClass type) {
        return type.getPackageName().equals(name)
            ? SliceIdentifier.of(type.getName().split("\\$")[0])
            : SliceIdentifier.ignore();
      }

      @Override
      public String getDescription() {
        return "each class of " + name;
      }
    };
  }

  @ArchTest
  static final ArchRule theRoomsOfTheServerHaveNoCycle =
      slices().matching(BASE + "server.(*)..").should().beFreeOfCycles();

  /** {@code SharingServer} puts the rooms together, and none of them knows it. */
  @ArchTest
  static final ArchRule noRoomOfTheServerKnowsWhatWiresIt =
      noClasses()
          .that()
          .resideInAPackage(BASE + "server.*..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage(BASE + "server");

  /** What reads logs, below it what reads data files, and what writes a publication's. */
  @ArchTest
  static final ArchRule kernelIsInItsRooms =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              BASE + "source.delta..", BASE + "source.kernel..", BASE + "server.publish.delta..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.delta.kernel..");

  @ArchTest
  static final ArchRule icebergIsInOneRoom =
      noClasses()
          .that()
          .resideOutsideOfPackage(BASE + "server.iceberg..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.iceberg..");

  /** What is decoded of data files is so whichever table they are of. */
  @ArchTest
  static final ArchRule kernelsDecoderKnowsNoLog =
      noClasses()
          .that()
          .resideInAPackage(BASE + "source.kernel..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage(BASE + "source.delta..");

  /** No other format's room is above that of Delta tables. */
  @ArchTest
  static final ArchRule icebergTablesAreNoDeltaTables =
      noClasses()
          .that()
          .resideInAPackage(BASE + "server.iceberg..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage(BASE + "source.delta..");

  /** Any format plugs in above: what is needed of a table knows none, nor how files are kept. */
  @ArchTest
  static final ArchRule whatIsNeededOfATableKnowsNoFormat =
      noClasses()
          .that()
          .resideInAPackage(BASE + "source")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(BASE + "source.*..");

  /** The log of a table is read from its store, whichever that is. */
  @ArchTest
  static final ArchRule tablesAreReadThroughTheirStoreAlone =
      noClasses()
          .that()
          .resideInAPackage(BASE + "source..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.apache.hadoop.fs..", "org.apache.parquet.hadoop.util..", BASE + "client..");

  /** What tokens of others are, and whether they are true. */
  @ArchTest
  static final ArchRule tokensOfOthersAreReadInOneRoom =
      noClasses()
          .that()
          .resideOutsideOfPackage(BASE + "server.oidc..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("com.nimbusds..");

  /** Statements, and the database that they are for; a catalog's is another one. */
  @ArchTest
  static final ArchRule sqlIsInOneRoom =
      noClasses()
          .that()
          .resideInAPackage(BASE + "server..")
          .and()
          .resideOutsideOfPackage(BASE + "server.store..")
          .and()
          .doNotHaveFullyQualifiedName(BASE + "server.iceberg.JdbcTables")
          .should()
          .dependOnClassesThat()
          .haveNameMatching(
              "(java\\.sql\\.(?!SQLException)|javax\\.sql|com\\.zaxxer|org\\.flywaydb|org\\.h2).*");

  /** A table's place is a URI, its files are reached through its store. */
  @ArchTest
  static final ArchRule tablesLieInStoresAndNotOnDisk =
      noClasses()
          .that()
          .resideInAnyPackage(
              Stream.of("source", "server.share", "server.auth", "server.api")
                  .map(room -> BASE + room + "..")
                  .toArray(String[]::new))
          .should()
          .dependOnClassesThat()
          .haveNameMatching("java\\.nio\\.file\\.(Path|Paths|Files)|java\\.io\\.File");

  /** Spark's readers of schemas make objects of classes that the text names. */
  @ArchTest
  static final ArchRule schemasAreReadByOneParser =
      noClasses()
          .should()
          .callMethodWhere(
              target(nameMatching("fromJson|fromDDL|parseTypeWithFallback|parseTableSchema"))
                  .and(target(owner(resideInAPackage("org.apache.spark.sql.."))))
                  .as("Spark's readers of schemas"));

  @ArchTest
  static final ArchRule guavaIsNowhere =
      noClasses().should().dependOnClassesThat().resideInAnyPackage("com.google.common..");

  @ArchTest
  static final ArchRule namesSayWhatAClassIs =
      classes().should().haveNameNotMatching(".*(Utils?|Helpers?)");

  /** A package of another name would escape the rules above. */
  @ArchTest
  static void everyPackageIsAFloor(JavaClasses main) {
    Set<String> packages =
        main.stream()
            .map(JavaClass::getPackageName)
            .map(name -> name.substring(BASE.length()).split("\\.")[0])
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(packages)
        .contains("presign", "error", "options", "protocol", "client", "table", "storage", "spark")
        .isSubsetOf(new TreeSet<>(List.of(concat(FLOORS, "server"))));
  }

  private static String[] concat(List<String> floors, String other) {
    String[] all = floors.toArray(new String[floors.size() + 1]);
    all[floors.size()] = other;
    return all;
  }
}
