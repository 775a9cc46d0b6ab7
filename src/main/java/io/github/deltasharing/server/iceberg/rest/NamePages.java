/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.iceberg.rest;

import io.github.deltasharing.server.error.ServerError;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.eclipse.jetty.util.Fields;

/**
 * Lists in pages: in the order of names, and after the name that the page's token has. A client
 * that sends no token gets all at once, as the protocol wants it. Immutable.
 *
 * @param after the last name of the page before, in lower case; empty for the first page
 * @param most how many are on a page
 */
record NamePages(String after, int most) {
  private static final int MOST = 1000;

  /**
   * A page.
   *
   * @param next the token of the next page, if there is one
   */
  record Page<T>(List<T> items, Optional<String> next) {}

  static NamePages of(Fields query) {
    String token = query.getValue("pageToken");
    String size = query.getValue("pageSize");
    if (size != null && !size.matches("0*[1-9]\\d{0,8}")) {
      throw ServerError.invalid("pageSize must be a whole number, 1 or more");
    }
    int most = size == null ? MOST : Math.min(MOST, Integer.parseInt(size));
    return new NamePages(
        token == null ? "" : name(token), token == null && size == null ? Integer.MAX_VALUE : most);
  }

  private static String name(String token) {
    try {
      return new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new ServerError(
          400,
          ServerError.INVALID_PARAMETER_VALUE,
          "pageToken is not one that this server issued. Ask again without it",
          e);
    }
  }

  /**
   * The page of a list.
   *
   * @param wanted what is not listed for, is asked of no more items than the page needs
   */
  <T> Page<T> page(List<T> all, Function<T, String> name, Predicate<T> wanted) {
    List<T> items =
        all.stream()
            .filter(item -> key(name.apply(item)).compareTo(after) > 0)
            .sorted((a, b) -> key(name.apply(a)).compareTo(key(name.apply(b))))
            .filter(wanted)
            .limit(most == Integer.MAX_VALUE ? most : most + 1L)
            .toList();
    if (items.size() <= most) {
      return new Page<>(items, Optional.empty());
    }
    List<T> page = items.subList(0, most);
    String last = key(name.apply(page.get(most - 1)));
    return new Page<>(
        page,
        Optional.of(
            Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(last.getBytes(StandardCharsets.UTF_8))));
  }

  private static String key(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
