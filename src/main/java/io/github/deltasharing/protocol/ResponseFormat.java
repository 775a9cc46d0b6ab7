package io.github.deltasharing.protocol;

import java.util.Locale;

/** The dialect of an answer's lines. */
public enum ResponseFormat {
  PARQUET,
  DELTA;

  /** The name on the wire. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
