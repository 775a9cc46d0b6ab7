/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.storage;

import io.github.deltasharing.server.config.StorageConfig;
import io.github.deltasharing.server.config.VendorConfig;
import io.github.deltasharing.server.share.SharedTable;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The vendors of the entries of {@code storage}, one for each bucket of each entry, which gives its
 * credentials by what the entry says of them. Safe for use by several threads. Who makes it closes
 * it.
 */
public final class StoreVendors implements CredentialVendors, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StoreVendors.class);

  private final Stores stores;
  private final Duration validity;
  private final Clock clock;
  private final Map<S3Bucket, CredentialVendor> vendors = new HashMap<>();

  /**
   * @param validitySeconds how long a credential is valid, if its store can give one of that life
   */
  public StoreVendors(Stores stores, long validitySeconds, Clock clock) {
    this.stores = stores;
    this.validity = Duration.ofSeconds(validitySeconds);
    this.clock = clock;
    for (StorageConfig entry : stores.entries()) {
      if (entry.credentials().filter(VendorConfig.Fixed.class::isInstance).isPresent()) {
        LOG.warn(
            "storage {}: recipients of tables with the access mode dir get the keys of this configuration, which open all"
                + " that they open, and do not expire. For development only: use type: sts",
            entry.prefix());
      }
    }
  }

  @Override
  public CredentialVendor of(SharedTable table) {
    S3Bucket bucket = stores.bucket(table);
    S3Failures.requirePlace(table, bucket);
    synchronized (vendors) {
      return vendors.computeIfAbsent(bucket, b -> vendor(table, b));
    }
  }

  @Override
  public void close() {
    synchronized (vendors) {
      vendors.values().forEach(CredentialVendor::close);
      vendors.clear();
    }
  }

  private CredentialVendor vendor(SharedTable table, S3Bucket bucket) {
    VendorConfig config =
        StorageConfig.of(stores.entries(), table.location())
            .flatMap(StorageConfig::credentials)
            .orElseThrow(() -> new IllegalStateException("No credentials for " + table.fullName()));
    if (config instanceof VendorConfig.Fixed fixed) {
      return new FixedVendor(fixed, bucket, validity, clock);
    }
    return new StsVendor((VendorConfig.Sts) config, bucket, validity, clock);
  }
}
