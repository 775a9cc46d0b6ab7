/**
 * HTTP for data files: ranges of bytes, read by the thread that asks, over connections that are
 * kept. Executors, mostly. The sharing server is spoken to by {@code client}.
 */
package io.github.deltasharing.transport;
