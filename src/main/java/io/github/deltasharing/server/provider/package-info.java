/**
 * Puts the provider's side together: the store, who may do what, and the handlers of the admin API,
 * of activation and of what else there is for a provider.
 */
package io.github.deltasharing.server.provider;
