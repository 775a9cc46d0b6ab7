/**
 * Recipients as the store has them: who sends a request, what is granted to it, the tokens that it
 * gets, and the keys that sign what it gets.
 */
package io.github.deltasharing.server.recipient;
