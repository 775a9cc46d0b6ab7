/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.parquet;

import io.github.deltasharing.source.parquet.Lz4Length;
import io.github.deltasharing.storage.ClaimLimits;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/**
 * Walks over the pages of a column chunk, as their bytes come: what each header says of its page
 * decides what Parquet allocates for it. Used by one thread.
 */
final class PageWalk {
  /** What an entry of a dictionary takes when it was decoded. */
  private static final int ENTRY_COST = 48;

  /** Pages up to this long may contradict the footer, as those of sloppy writers do. */
  private static final long TOLERATED = 16L << 20;

  /** Old writers leave a dictionary's header out of the length of its chunk. */
  private static final int HEADER_SLACK = 100;

  private static final int DATA_PAGE = 0;
  private static final int DICTIONARY_PAGE = 2;
  private static final int DATA_PAGE_V2 = 3;

  private final Chunk chunk;
  private final ClaimLimits limits;
  private final PageHeader header = new PageHeader();

  /** To be read of the chunk. */
  private long left;

  private ThriftWalk walk;

  /** Of the page's body: levels before what is compressed, then Snappy's own claim. */
  private long levels;

  private long body;
  private int varintBytes;
  private long varint;
  private boolean readsLength;

  /** Of a body that does not say how long it will be. */
  private Lz4Length lz4;

  /** How long what is compressed has to be: Parquet's reader waits for ever for what is missing. */
  private long whole;

  private long values;

  /**
   * A column's chunk as the footer describes it.
   *
   * @param values how many it has
   * @param uncompressed how long its pages are, all together
   */
  record Chunk(
      String column,
      long start,
      long end,
      long values,
      long uncompressed,
      CompressionCodecName codec) {}

  /** What headers of pages say; numbers are Parquet's fields. */
  private static final class PageHeader implements ThriftWalk.Fields {
    private long type;
    private long uncompressed;
    private long compressed;
    private long values;
    private long definitionLevels;
    private long repetitionLevels;
    private boolean isCompressed = true;

    @Override
    public void number(int depth, int outer, int field, long value) {
      if (depth == 1) {
        switch (field) {
          case 1 -> type = value;
          case 2 -> uncompressed = value;
          case 3 -> compressed = value;
          default -> {}
        }
      } else if (depth == 2 && (outer == 5 || outer == 7 || outer == 8)) {
        switch (field) {
          case 1 -> values = value;
          case 5 -> definitionLevels = outer == 8 ? value : 0;
          case 6 -> repetitionLevels = outer == 8 ? value : 0;
          case 7 -> isCompressed = outer != 8 || value != 0;
          default -> {}
        }
      }
    }

    private void clear() {
      type = -1;
      uncompressed = 0;
      compressed = 0;
      values = 0;
      definitionLevels = 0;
      repetitionLevels = 0;
      isCompressed = true;
    }
  }

  /**
   * @param position where its first page starts
   */
  PageWalk(Chunk chunk, long position, ClaimLimits limits) {
    this.chunk = chunk;
    this.limits = limits;
    this.left = chunk.end() - position;
  }

  /**
   * Walks on over bytes of the chunk.
   *
   * @return the largest that a page seen in them will be in memory, or 0
   * @throws ThriftWalk.Claim if a page claims what cannot be
   */
  long feed(byte[] bytes, int offset, int length) {
    long largest = 0;
    int at = offset;
    int end = offset + length;
    while (at < end) {
      int before = at;
      if (body > 0) {
        at += ofBody(bytes, at, end - at);
      } else if (values >= chunk.values()) {
        // Parquet stops here: what follows is no page.
        at = end;
      } else {
        at += ofHeader(bytes, at, end - at);
        if (walk == null) {
          largest = Math.max(largest, header.uncompressed);
        }
      }
      left -= at - before;
    }
    return largest;
  }

  private int ofHeader(byte[] bytes, int at, int length) {
    if (walk == null) {
      header.clear();
      long there = Math.min(left + HEADER_SLACK, limits.metadata());
      walk = new ThriftWalk(there, limits.parsed(), header);
    }
    int n = walk.feed(bytes, at, length);
    if (walk.isDone()) {
      walk = null;
      check(left - n);
      begin();
    }
    return n;
  }

  private void check(long there) {
    if (header.compressed < 0 || header.compressed > there + HEADER_SLACK) {
      throw claim("a page claims " + header.compressed + " bytes where " + there + " are left");
    }
    long size = header.uncompressed;
    if (size < 0 || size > Math.max(chunk.uncompressed(), TOLERATED)) {
      throw claim(
          "a page claims "
              + size
              + " bytes when decompressed, of a column chunk of "
              + chunk.uncompressed());
    }
    if (size > limits.page()) {
      throw overLimit("a page claims " + size + " bytes when decompressed", limits.page());
    }
    if (header.type == DICTIONARY_PAGE) {
      if (header.values < 0 || header.values > size) {
        throw claim("a dictionary of " + size + " bytes claims " + header.values + " entries");
      }
      if (size + ENTRY_COST * header.values > limits.page()) {
        throw overLimit("a dictionary claims " + header.values + " entries", limits.page());
      }
    } else if (header.type == DATA_PAGE || header.type == DATA_PAGE_V2) {
      if (header.values < 0 || header.values > chunk.values() - values) {
        throw claim(
            "a page claims "
                + header.values
                + " values where the column chunk has "
                + (chunk.values() - values)
                + " left");
      }
      values += header.values;
      if (header.definitionLevels < 0
          || header.repetitionLevels < 0
          || header.definitionLevels + header.repetitionLevels
              > Math.min(header.compressed, size)) {
        throw claim("the levels of a page claim more bytes than it has");
      }
    }
  }

  private void begin() {
    body = header.compressed;
    boolean v2 = header.type == DATA_PAGE_V2;
    levels = v2 ? header.definitionLevels + header.repetitionLevels : 0;
    whole = header.uncompressed - levels;
    boolean compressed = header.isCompressed || !v2;
    boolean snappy = compressed && chunk.codec() == CompressionCodecName.SNAPPY;
    boolean isLz4 = compressed && chunk.codec() == CompressionCodecName.LZ4_RAW;
    if ((snappy || isLz4) && body <= levels) {
      requireWhole(0);
    }
    readsLength = snappy && body > levels;
    lz4 = isLz4 && body > levels ? new Lz4Length() : null;
    varint = 0;
    varintBytes = 0;
  }

  private int ofBody(byte[] bytes, int at, int length) {
    int n = (int) Math.min(length, body);
    if ((readsLength || lz4 != null) && levels > 0) {
      n = (int) Math.min(n, levels);
      levels -= n;
    } else if (readsLength) {
      n = 1;
      ofLength(bytes[at] & 0xff);
    } else if (lz4 != null) {
      lz4.feed(bytes, at, n);
      if (n == body) {
        requireWhole(lz4.length());
      }
    }
    body -= n;
    return n;
  }

  /** Snappy says once more how long it will be, and is believed. */
  private void ofLength(int b) {
    varint |= (long) (b & 0x7f) << 7 * varintBytes++;
    if (b < 0x80 || varintBytes == 5) {
      readsLength = false;
      if (varint > Math.max(header.uncompressed, TOLERATED) || varint > limits.page()) {
        throw claim(
            "compressed data claims " + varint + " bytes, of a page of " + header.uncompressed);
      }
      requireWhole(varint);
    }
  }

  private void requireWhole(long length) {
    if (length < whole) {
      throw claim("compressed data has " + length + " bytes, of a page that claims " + whole);
    }
  }

  private static ThriftWalk.Claim claim(String reason) {
    return new ThriftWalk.Claim(reason);
  }

  private static ThriftWalk.Claim overLimit(String reason, long limit) {
    return claim(reason + ", over the limit of " + limit + " bytes for this heap");
  }
}
