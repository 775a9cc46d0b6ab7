/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.store;

import java.time.Instant;
import java.util.Optional;

/**
 * A recipient's token, without the token. Immutable.
 *
 * @param id names it
 * @param activationExpiresAt until when its activation link may be opened
 * @param activatedAt when the link was opened and the token made
 * @param expiresAt until when it is taken
 * @param supersededAt when another one took its place
 * @param revokedAt when it was ended
 * @param lastUsedAt when it was used last, to a minute
 * @param createdAt when the link was made
 * @param createdBy who made it
 */
public record StoredToken(
    String id,
    Instant activationExpiresAt,
    Optional<Instant> activatedAt,
    Instant expiresAt,
    Optional<Instant> supersededAt,
    Optional<Instant> revokedAt,
    Optional<Instant> lastUsedAt,
    Instant createdAt,
    String createdBy) {}
