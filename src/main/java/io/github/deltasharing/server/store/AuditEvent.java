/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.store;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One request, or one event of the server itself, as audits have it. Holds no secret. Texts that do
 * not apply are empty, numbers that do not apply are -1. Immutable.
 *
 * @param id what the event is found by again; its order is that of time
 * @param time when the request came
 * @param durationMillis how long it took
 * @param method the HTTP method
 * @param operation the endpoint's name, as in the access log
 * @param action what kind of an operation that is
 * @param actor who did it
 * @param resources what was read or changed
 * @param change what was changed of it, in short
 * @param tableVersion the version of the table in the response
 * @param files the files in the response
 * @param bytes the bytes of its body
 * @param status the HTTP status; 0 for what is no request
 * @param errorCode the protocol's error code
 * @param address the client's address
 * @param requestId the request's id
 * @param more the rest, by names
 */
public record AuditEvent(
    String id,
    Instant time,
    long durationMillis,
    String method,
    String operation,
    Action action,
    Actor actor,
    List<Resource> resources,
    String change,
    long tableVersion,
    long files,
    long bytes,
    int status,
    String errorCode,
    String address,
    String requestId,
    Map<String, String> more) {
  /** Kinds of operations. */
  public enum Action {
    CREATE,
    READ,
    UPDATE,
    DELETE,
    OTHER
  }

  /** Kinds of actors. */
  public enum ActorType {
    /** Whoever a share is for. */
    RECIPIENT,
    /** Who may use the admin API. */
    PRINCIPAL,
    /** Any client with the token of the configuration. */
    TOKEN,
    /** A client of a server that needs no token. */
    ANONYMOUS,
    /** The server itself. */
    SERVER,
    /** A client whose token was not taken, or that sent none. */
    UNKNOWN
  }

  /**
   * Who did it. Immutable.
   *
   * @param type what that is
   * @param id its id, or a fingerprint of the token
   * @param name how the provider calls it
   */
  public record Actor(ActorType type, String id, String name) {}

  /**
   * What was read or changed. Immutable.
   *
   * @param type {@code share}, {@code schema}, {@code table}, {@code recipient}, {@code principal}
   *     or {@code publication}
   * @param name its name
   * @param change what was done with it, if that is more than the operation says
   */
  public record Resource(String type, String name, String change) {}

  /** Copies the collections. */
  public AuditEvent {
    resources = List.copyOf(resources);
    more = Map.copyOf(more);
  }

  /** The first resource of a type. */
  public Optional<String> resource(String type) {
    return resources(type).findFirst();
  }

  private Stream<String> resources(String type) {
    return resources.stream().filter(one -> one.type().equals(type)).map(Resource::name);
  }

  private Stream<String> actors(ActorType type) {
    return Stream.of(actor).filter(one -> one.type() == type).map(Actor::name);
  }

  /** The keys of the recipients that it is about: who did it, and to whom. */
  List<String> recipients() {
    return keys(Stream.concat(actors(ActorType.RECIPIENT), resources("recipient")));
  }

  /** The keys of the principals. */
  List<String> principals() {
    return keys(Stream.concat(actors(ActorType.PRINCIPAL), resources("principal")));
  }

  private static List<String> keys(Stream<String> names) {
    return names.filter(name -> !name.isEmpty()).map(AuditKey::of).distinct().toList();
  }

  /** Whether the client got what it asked for. */
  public boolean succeeded() {
    return status > 0 && status < 400 && !more.containsKey("cut");
  }

  /** Whether it is a request by which a recipient uses what is shared. */
  public boolean isUse() {
    return actor.type() == ActorType.RECIPIENT
        || actor.type() == ActorType.TOKEN
        || actor.type() == ActorType.ANONYMOUS;
  }

  /** The order of ids is that of time, across servers too. */
  public static String newId(Instant time, long first, long second) {
    return String.format(
        Locale.ROOT,
        "%012x%08x%012x",
        time.toEpochMilli() & 0xffff_ffff_ffffL,
        first & 0xffff_ffffL,
        second & 0xffff_ffff_ffffL);
  }

  /** The least id of a time. */
  static String firstId(Instant time) {
    return newId(time, 0, 0);
  }
}
