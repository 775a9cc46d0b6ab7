package io.github.deltasharing.options;

import io.github.deltasharing.annotation.PublicApi;

/** Values of the {@code responseFormat} option. */
@PublicApi
public enum ResponseFormatOption {
  /** Offer both formats and follow the server's answer. */
  AUTO,
  /** Ask for the parquet dialect only. */
  PARQUET,
  /** Ask for the delta dialect only. */
  DELTA
}
