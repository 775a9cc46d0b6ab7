/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.store;

import java.time.Instant;

/**
 * That a recipient may read a share. Immutable.
 *
 * @param shareKey the share's name without regard to case
 * @param recipientId the recipient
 * @param recipientName its name
 * @param grantedAt when it was granted first
 * @param grantedBy who granted it
 */
public record StoredGrant(
    String shareKey,
    String recipientId,
    String recipientName,
    Instant grantedAt,
    String grantedBy) {}
