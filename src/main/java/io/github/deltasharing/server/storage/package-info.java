/** The stores in which tables lie, and the URLs of their files. */
package io.github.deltasharing.server.storage;
