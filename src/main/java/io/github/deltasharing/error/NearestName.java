/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.error;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/**
 * The known name that is spelled most like one that is not known, for messages that help with a
 * slip of the keyboard. Stateless.
 */
public final class NearestName {
  private NearestName() {}

  /** The nearest of the known names without regard to case; empty when there are none. */
  public static String of(String name, Collection<String> known) {
    String best = "";
    int bestDistance = Integer.MAX_VALUE;
    for (String candidate : known) {
      int d = distance(name.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT));
      if (d < bestDistance) {
        bestDistance = d;
        best = candidate;
      }
    }
    return best;
  }

  /**
   * The known name that was meant, where the other is so near that it is a slip of the keyboard: a
   * character or two too many, too few or wrong; one in names of fewer than six.
   */
  public static Optional<String> meant(String name, Collection<String> known) {
    String nearest = of(name, known);
    int most = name.length() < 6 ? 1 : 2;
    int distance = distance(name.toLowerCase(Locale.ROOT), nearest.toLowerCase(Locale.ROOT));
    return distance <= most && !nearest.isEmpty() ? Optional.of(nearest) : Optional.empty();
  }

  /** Levenshtein distance. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substitution = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substitution, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
