/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.it;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Looks for a text in bytes: plain in ASCII or UTF-16, and within longer text in Base64. The text
 * has characters that URLs and JSON leave as they are, so that it is found within those, too. It is
 * kept backwards, so that the search itself, sent to an executor, is not what is found there.
 * Immutable.
 */
final class SecretSearch implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final int PIECE = 8 << 20;

  private final String reversed;

  SecretSearch(String text) {
    this.reversed = reversed(text);
  }

  private static String reversed(String text) {
    return new StringBuilder(text).reverse().toString();
  }

  String text() {
    return reversed(reversed);
  }

  /** How often each form of it is there; forms that are not there are left out. */
  Map<String, Integer> in(Path file) throws IOException {
    Map<String, byte[]> forms = forms();
    Map<String, Integer> found = new TreeMap<>();
    int longest = forms.values().stream().mapToInt(form -> form.length).max().orElseThrow();
    byte[] piece = new byte[PIECE];
    int kept = 0;
    try (InputStream in = Files.newInputStream(file)) {
      for (int read = in.readNBytes(piece, 0, PIECE); read > 0; ) {
        int end = kept + read;
        // What begins in the part that is kept is counted with the next piece.
        int from = end < PIECE ? end : end - longest + 1;
        count(forms, piece, end, from, found);
        kept = end - from;
        System.arraycopy(piece, from, piece, 0, kept);
        read = in.readNBytes(piece, kept, PIECE - kept);
      }
    }
    count(forms, piece, kept, kept, found);
    return found;
  }

  Map<String, Integer> in(byte[] bytes) {
    Map<String, Integer> found = new TreeMap<>();
    count(forms(), bytes, bytes.length, bytes.length, found);
    return found;
  }

  Map<String, Integer> in(String text) {
    return in(text.getBytes(StandardCharsets.UTF_8));
  }

  private static void count(
      Map<String, byte[]> forms, byte[] bytes, int end, int before, Map<String, Integer> found) {
    forms.forEach(
        (name, form) -> {
          for (int i = 0; i < before && i + form.length <= end; i++) {
            if (bytes[i] == form[0]
                && Arrays.equals(bytes, i, i + form.length, form, 0, form.length)) {
              found.merge(name, 1, Integer::sum);
            }
          }
        });
  }

  private Map<String, byte[]> forms() {
    String text = text();
    Map<String, byte[]> forms = new LinkedHashMap<>();
    forms.put("plain", text.getBytes(StandardCharsets.US_ASCII));
    forms.put("UTF-16LE", text.getBytes(StandardCharsets.UTF_16LE));
    forms.put("UTF-16BE", text.getBytes(StandardCharsets.UTF_16BE));
    for (int before = 0; before < 3; before++) {
      byte[] within = ("\0".repeat(before) + text).getBytes(StandardCharsets.US_ASCII);
      String encoded = Base64.getEncoder().encodeToString(within);
      // Only those characters that depend on nothing before or after the text.
      encoded = encoded.substring((before * 8 + 5) / 6, within.length * 8 / 6);
      forms.put("Base64+" + before, encoded.getBytes(StandardCharsets.US_ASCII));
    }
    return forms;
  }
}
