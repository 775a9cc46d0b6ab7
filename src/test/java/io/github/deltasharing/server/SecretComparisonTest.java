/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTag;
import com.tngtech.archunit.junit.ArchTest;
import io.github.deltasharing.server.auth.SecretToken;
import io.github.deltasharing.server.storage.LocalUrlSigner;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/** Secrets are compared by one method, which takes the same time wherever they differ. */
@AnalyzeClasses(
    packages = "io.github.deltasharing.server",
    importOptions = ImportOption.DoNotIncludeTests.class)
@ArchTag("unit")
class SecretComparisonTest {
  private static final String BASE = "io.github.deltasharing.server.";

  /** The rooms whose classes have secrets in their hands, and single classes of others. */
  private static final List<String> ROOMS =
      List.of("auth", "ui", "activation", "oidc", "ratelimit", "recipient", "metrics");

  private static final Set<String> CLASSES =
      Set.of(
          LocalUrlSigner.class.getName(),
          BASE + "api.OpaqueTokens",
          BASE + "admin.AdminAuthenticator",
          BASE + "Operation",
          BASE + "provider.ProviderSide");

  private static final Set<String> NAMES =
      Set.of("equals", "equalsIgnoreCase", "contentEquals", "compareTo", "compareToIgnoreCase");

  /** Where texts are compared that are no secrets. A new place is looked at before it gets here. */
  private static final Set<String> NO_SECRETS =
      new TreeSet<>(
          Set.of(
              // Paths, methods, origins and types of requests.
              "ui.PageHandler.handle",
              "ui.SessionEndpoint.handle",
              "ui.SessionSignIn.refuseOtherSites",
              "ui.SessionSignIn.isOwn",
              "ui.SessionCookie.of",
              "activation.ActivationHandler.serve",
              "activation.Visitor.of",
              "activation.Visitor.isJson",
              "metrics.ServerMetrics.accept",
              // What an issuer says of itself.
              "oidc.OidcIssuer.discover",
              "oidc.OidcIssuer.isAsSafe"));

  @ArchTest
  static void oneClassComparesInTheSameTime(JavaClasses main) {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName(SecretToken.class.getName())
        .should()
        .callMethod(MessageDigest.class, "isEqual", byte[].class, byte[].class)
        .check(main);
  }

  @ArchTest
  static void roomsWithSecretsCompareNothingElseUnseen(JavaClasses main) {
    Set<String> places = new TreeSet<>();
    for (JavaClass one : main) {
      if (!isWithSecrets(one)) {
        continue;
      }
      for (JavaAccess<?> access : one.getAccessesFromSelf()) {
        if (isComparison(access.getTarget())) {
          places.add(place(access));
        }
      }
    }
    assertThat(places).isEqualTo(NO_SECRETS);
  }

  private static boolean isWithSecrets(JavaClass one) {
    return CLASSES.contains(one.getName())
        || ROOMS.stream().anyMatch(room -> one.getPackageName().startsWith(BASE + room));
  }

  private static boolean isComparison(AccessTarget target) {
    JavaClass owner = target.getOwner();
    boolean ofTexts =
        (owner.isEquivalentTo(String.class) || owner.isEquivalentTo(CharSequence.class))
            && NAMES.contains(target.getName());
    boolean ofBytes = owner.isEquivalentTo(Arrays.class) && target.getName().equals("equals");
    boolean ofAny =
        (owner.isEquivalentTo(Objects.class) || owner.isEquivalentTo(Object.class))
            && target.getName().equals("equals");
    return ofTexts || ofBytes || ofAny;
  }

  /** The method of the source, without what the compiler makes of its lambdas. */
  private static String place(JavaAccess<?> access) {
    String method = access.getOrigin().getName().replaceAll("^lambda\\$(.+)\\$\\d+$", "$1");
    return access.getOriginOwner().getName().substring(BASE.length()) + "." + method;
  }
}
