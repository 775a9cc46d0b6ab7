/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.store;

import io.github.deltasharing.server.share.ShareDetails;

/**
 * A share of the store. Immutable.
 *
 * @param id stays when anything else changes
 * @param name its name
 * @param details what listings say of it
 * @param owner the principal that answers for it
 * @param provenance who made and changed it
 */
public record StoredShare(
    String id, String name, ShareDetails details, String owner, Provenance provenance) {}
