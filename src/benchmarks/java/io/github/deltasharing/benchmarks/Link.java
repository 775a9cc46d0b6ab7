/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.benchmarks;

/**
 * What lies between a recipient and the server and store.
 *
 * @param suffix of the keys of comparisons over it
 * @param words for their titles
 * @param tls whether it is encrypted
 * @param delayMillis before each answer, 0 for none
 * @param bytesPerSecond of all answers together, 0 for as fast as can be
 */
record Link(String suffix, String words, boolean tls, long delayMillis, long bytesPerSecond) {
  static final Link DIRECT = new Link("", "", false, 0, 0);
  static final Link DELAYED = new Link("-30ms", ", 30 ms before each answer", false, 30, 0);
  static final Link FAR = new Link("-100ms", ", 100 ms before each answer", false, 100, 0);
  static final Link NARROW = new Link("-1gbit", ", 30 ms, 1 Gbit/s", false, 30, 125_000_000);
  static final Link TLS = new Link("-tls", ", over TLS", true, 0, 0);
  static final Link DELAYED_TLS = new Link("-tls-30ms", ", over TLS, 30 ms", true, 30, 0);
  static final Link FAR_TLS = new Link("-tls-100ms", ", over TLS, 100 ms", true, 100, 0);

  /** The same without TLS. */
  Link plain() {
    return delayMillis == 0 ? DIRECT : delayMillis == FAR.delayMillis ? FAR : DELAYED;
  }

  boolean isDirect() {
    return delayMillis == 0 && bytesPerSecond == 0;
  }
}
