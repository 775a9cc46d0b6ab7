/**
 * Values that expire, got from elsewhere by one request at a time: tokens and credentials. The same
 * for client and server; knows none of them.
 */
package io.github.deltasharing.cache;
