/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.options;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.internal.config.package$;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Spark masks confs and options by their names: each secret of ours has to have such a name. */
@Tag("unit")
class SecretNamesTest {
  private static final Pattern MASKED =
      Pattern.compile(package$.MODULE$.SECRET_REDACTION_PATTERN().defaultValueString());

  @Test
  void sparkMasksThemInItsUiPlansAndEventLog() {
    List<String> secrets = new ArrayList<>();
    CredentialOptions.SECRETS.forEach(option -> secrets.add(option.key()));
    Stream.concat(SharingOptions.ALL.stream(), CredentialOptions.ALL.stream())
        .filter(option -> isSecret(option.key(), option.doc()))
        .forEach(option -> secrets.add(option.key()));
    assertThat(secrets)
        .contains("bearerToken", "clientSecret", "password")
        .allMatch(name -> MASKED.matcher(name).find());
    assertThat(List.of("privateKey", "headers", "credential"))
        .as("names that an option of a secret must not have")
        .noneMatch(name -> MASKED.matcher(name).find());
  }

  private static boolean isSecret(String key, String doc) {
    String text = doc.toLowerCase(Locale.ROOT);
    return text.endsWith("a secret.")
        || key.toLowerCase(Locale.ROOT)
            .matches(".*(password|secret|privatekey|assertion|headers?)");
  }
}
