package io.github.deltasharing.server.share;

import io.github.deltasharing.server.auth.Principal;

/** Who sees what: the place where grants plug in. Safe for use by several threads. */
@FunctionalInterface
public interface ShareViews {
  ShareView of(Principal principal);
}
