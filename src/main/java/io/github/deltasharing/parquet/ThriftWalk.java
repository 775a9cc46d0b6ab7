/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.parquet;

/**
 * Walks over a struct in Thrift's compact protocol, as its bytes come, before Parquet parses it:
 * Parquet allocates a list, a map or a string of whatever length is claimed, and follows nesting
 * with its stack. Here each claim has to fit into the bytes that there are, and what parsing would
 * take into a limit. Linear; allocates nothing. Used once, by one thread.
 */
final class ThriftWalk {
  private static final int MOST_DEPTH = 48;
  private static final int INT_BYTES = 5;
  private static final int LONG_BYTES = 10;

  /** What parsed things take, roughly. */
  private static final int STRUCT_COST = 96;

  private static final int TEXT_COST = 64;
  private static final int ELEMENT_COST = 16;

  private static final int TRUE = 1;
  private static final int FALSE = 2;
  private static final int BYTE = 3;
  private static final int I16 = 4;
  private static final int I32 = 5;
  private static final int I64 = 6;
  private static final int DOUBLE = 7;
  private static final int BINARY = 8;
  private static final int LIST = 9;
  private static final int SET = 10;
  private static final int MAP = 11;
  private static final int STRUCT = 12;

  /** Hears of the numbers and flags that are fields, not elements. */
  @FunctionalInterface
  interface Fields {
    /**
     * @param depth of the struct that has it; 1 for the outermost
     * @param outer the field of the struct around it that it is in; 0 for none
     */
    void number(int depth, int outer, int field, long value);
  }

  private enum Step {
    FIELD,
    FIELD_ID,
    FLAG,
    SMALL,
    INT,
    LONG,
    LENGTH,
    SKIP,
    LIST_HEAD,
    LIST_SIZE,
    MAP_SIZE,
    MAP_TYPES
  }

  private final Fields fields;
  private final long limit;
  private final long mostCost;

  /** Of the containers that are open: what they are of. */
  private final int[] type = new int[MOST_DEPTH];

  private final int[] valueType = new int[MOST_DEPTH];

  /** Elements to come; negative for a struct. */
  private final long[] left = new long[MOST_DEPTH];

  private final int[] field = new int[MOST_DEPTH];
  private int depth;

  private Step step = Step.FIELD;
  private int pending;
  private long varint;
  private int varintBytes;
  private long skip;
  private long consumed;
  private long cost;
  private boolean done;

  /** What a struct claims is not in it. */
  static final class Claim extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Claim(String message) {
      super(message, null, false, false);
    }
  }

  /**
   * @param limit how many bytes there are for it
   * @param mostCost how much memory it may take when parsed
   */
  ThriftWalk(long limit, long mostCost, Fields fields) {
    this.limit = limit;
    this.mostCost = mostCost;
    this.fields = fields;
    open(-1, STRUCT, STRUCT);
  }

  /** Whether its end was seen. */
  boolean isDone() {
    return done;
  }

  /**
   * Walks on, to the struct's end at most.
   *
   * @return how many of the bytes are the struct's
   * @throws Claim if it claims what cannot be
   */
  int feed(byte[] bytes, int offset, int length) {
    int at = offset;
    int end = offset + length;
    while (at < end && !done) {
      if (step == Step.SKIP) {
        int n = (int) Math.min(skip, end - at);
        at += n;
        consumed += n;
        skip -= n;
        if (skip == 0) {
          ended();
        }
      } else {
        consumed++;
        take(bytes[at++] & 0xff);
      }
      if (consumed > limit || (consumed == limit && !done)) {
        throw new Claim("it does not end within its " + limit + " bytes");
      }
    }
    return at - offset;
  }

  private void take(int b) {
    switch (step) {
      case FIELD -> field(b);
      case FIELD_ID -> {
        if (ofVarint(b, INT_BYTES)) {
          field[depth - 1] = (short) unzigzag(varint);
          begin(pending, true);
        }
      }
      case FLAG, SMALL -> ended();
      case INT, LONG -> {
        if (ofVarint(b, step == Step.INT ? INT_BYTES : LONG_BYTES)) {
          keep(unzigzag(varint));
          ended();
        }
      }
      case LENGTH -> {
        if (ofVarint(b, INT_BYTES)) {
          checkClaim("a text", varint, 1);
          charge(TEXT_COST + varint);
          skip(varint);
        }
      }
      case LIST_HEAD -> {
        pending = b & 0x0f;
        if (b >> 4 == 15) {
          number(Step.LIST_SIZE);
        } else {
          openList(b >> 4);
        }
      }
      case LIST_SIZE -> {
        if (ofVarint(b, INT_BYTES)) {
          openList(varint);
        }
      }
      case MAP_SIZE -> {
        if (ofVarint(b, INT_BYTES)) {
          checkClaim("a map", varint, 2);
          if (varint == 0) {
            ended();
          } else {
            step = Step.MAP_TYPES;
          }
        }
      }
      case MAP_TYPES -> {
        charge(2 * ELEMENT_COST * varint);
        open(2 * varint, b >> 4, b & 0x0f);
        begin(b >> 4, false);
      }
      default -> throw new IllegalStateException(step.toString());
    }
  }

  private void field(int b) {
    pending = b & 0x0f;
    if (pending == 0) {
      close();
    } else if (b >> 4 == 0) {
      number(Step.FIELD_ID);
    } else {
      field[depth - 1] += b >> 4;
      begin(pending, true);
    }
  }

  /** A value of this type comes next. */
  private void begin(int next, boolean isField) {
    switch (next) {
      case TRUE, FALSE -> {
        if (isField) {
          keep(next == TRUE ? 1 : 0);
          ended();
        } else {
          step = Step.FLAG;
        }
      }
      case BYTE -> step = Step.SMALL;
      case I16, I32 -> number(Step.INT);
      case I64 -> number(Step.LONG);
      case DOUBLE -> skip(Double.BYTES);
      case BINARY -> number(Step.LENGTH);
      case LIST, SET -> step = Step.LIST_HEAD;
      case MAP -> number(Step.MAP_SIZE);
      case STRUCT -> open(-1, STRUCT, STRUCT);
      default -> throw new Claim("it has a value of the unknown type " + next);
    }
  }

  private void number(Step of) {
    step = of;
    varint = 0;
    varintBytes = 0;
  }

  /** Whether the number ends with this byte. */
  private boolean ofVarint(int b, int most) {
    if (varintBytes == most) {
      throw new Claim("it has a number of more than " + most + " bytes");
    }
    varint |= (long) (b & 0x7f) << 7 * varintBytes++;
    return b < 0x80;
  }

  private static long unzigzag(long n) {
    return n >>> 1 ^ -(n & 1);
  }

  private void skip(long bytes) {
    skip = bytes;
    if (bytes == 0) {
      ended();
    } else {
      step = Step.SKIP;
    }
  }

  private void keep(long value) {
    if (left[depth - 1] < 0) {
      fields.number(depth, depth == 1 ? 0 : field[depth - 2], field[depth - 1], value);
    }
  }

  private void checkClaim(String what, long count, int bytesEach) {
    long there = limit - consumed;
    if (count > there / bytesEach) {
      throw new Claim(
          what + " in it claims a length of " + count + " where " + there + " bytes are left");
    }
  }

  private void charge(long bytes) {
    cost += bytes;
    if (cost > mostCost) {
      throw new Claim("it would take more than the limit of " + mostCost + " bytes of memory");
    }
  }

  private void openList(long count) {
    checkClaim("a list", count, 1);
    charge(ELEMENT_COST * count);
    if (count == 0) {
      ended();
    } else {
      open(count, pending, pending);
      begin(pending, false);
    }
  }

  private void open(long elements, int first, int second) {
    if (depth == MOST_DEPTH) {
      throw new Claim("it is nested deeper than " + MOST_DEPTH + " levels");
    }
    left[depth] = elements;
    type[depth] = first;
    valueType[depth] = second;
    field[depth] = 0;
    depth++;
    if (elements < 0) {
      charge(STRUCT_COST);
      step = Step.FIELD;
    }
  }

  /** The innermost container ends. */
  private void close() {
    depth--;
    if (depth == 0) {
      done = true;
    } else {
      ended();
    }
  }

  /** A value ends. */
  private void ended() {
    int top = depth - 1;
    if (left[top] < 0) {
      step = Step.FIELD;
    } else if (--left[top] == 0) {
      close();
    } else {
      begin(left[top] % 2 == 0 ? type[top] : valueType[top], false);
    }
  }
}
