/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.storage;

import io.github.deltasharing.protocol.StoreCredential.S3Keys;
import io.github.deltasharing.protocol.TemporaryCredential;
import io.github.deltasharing.server.auth.Principal;
import io.github.deltasharing.server.config.VendorConfig;
import io.github.deltasharing.server.share.SharedTable;
import java.time.Clock;
import java.time.Duration;

/**
 * Gives everybody the configuration's keys, which the store neither restricts nor ends: for
 * development, against stores without STS. Immutable.
 */
final class FixedVendor implements CredentialVendor {
  private final VendorConfig.Fixed keys;
  private final S3Bucket bucket;
  private final Duration validity;
  private final Clock clock;

  FixedVendor(VendorConfig.Fixed keys, S3Bucket bucket, Duration validity, Clock clock) {
    this.keys = keys;
    this.bucket = bucket;
    this.validity = validity;
    this.clock = clock;
  }

  @Override
  public TemporaryCredential issue(SharedTable table, Principal recipient) {
    S3Place place = bucket.place();
    return new TemporaryCredential(
        table.access().location(),
        new S3Keys(
            S3Keys.AWS,
            keys.accessKeyId(),
            keys.secretAccessKey(),
            keys.sessionToken().orElse(null),
            place.endpoint(),
            place.region(),
            place.pathStyle()),
        clock.instant().plus(validity).toEpochMilli());
  }
}
