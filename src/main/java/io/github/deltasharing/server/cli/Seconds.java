/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.cli;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads times such as 90d, 24h, 15m, 30s, 0. Stateless. */
final class Seconds implements ITypeConverter<Long> {
  private static final Pattern TIME = Pattern.compile("(\\d{1,10})([smhd]?)");
  private static final Map<String, Long> UNITS =
      Map.of("", 1L, "s", 1L, "m", 60L, "h", 3_600L, "d", 86_400L);

  @Override
  public Long convert(String value) {
    Matcher time = TIME.matcher(value);
    if (!time.matches()) {
      throw new TypeConversionException("'" + value + "' is no time such as 90d, 24h, 15m, 30s");
    }
    return Long.parseLong(time.group(1)) * UNITS.get(time.group(2));
  }
}
