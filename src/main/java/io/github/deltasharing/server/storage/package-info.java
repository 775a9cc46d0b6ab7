/**
 * The stores in which tables lie, and the URLs of their files. Further kinds of stores plug in as a
 * {@code TableStorage}, chosen by {@code TableStorages}; only {@code LocalStorage} is there today.
 */
package io.github.deltasharing.server.storage;
