/**
 * The provider's admin API, as OpenSharing's reference server has it: shares and what is in them,
 * recipients and their tokens, grants, and the principals who may change these. Bodies are in snake
 * case.
 */
package io.github.deltasharing.server.admin;
