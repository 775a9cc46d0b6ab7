/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.read;

import io.github.deltasharing.protocol.AddFile;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.connector.read.InputPartition;

/**
 * Some files of a listing, for a task that makes rows of what is said of them. On the driver it is
 * a part of the listing, which is kept small; the texts are unpacked when Spark serialises a task,
 * one task after another. URLs stay on the driver. Used by one thread at a time.
 */
public final class FileListPartition implements InputPartition {
  private static final long serialVersionUID = 1L;

  /** Of a file without a deletion vector. */
  private static final long NOTHING_DELETED = 0;

  /** On the driver only. */
  private transient List<AddFile> files;

  private transient List<ListedFile> read;
  private transient boolean withStatistics;

  /**
   * A file as it is listed.
   *
   * @param partitionTexts by physical name, as on the wire
   * @param statistics JSON, or null
   * @param modified epoch milliseconds, or null
   */
  record ListedFile(
      String id,
      long size,
      List<String[]> partitionTexts,
      String statistics,
      long deleted,
      Long modified) {}

  /**
   * @param withStatistics whether they are needed
   */
  public FileListPartition(List<AddFile> files, boolean withStatistics) {
    this.files = files;
    this.withStatistics = withStatistics;
  }

  List<ListedFile> files() {
    return read == null ? files.stream().map(file -> listed(file, withStatistics)).toList() : read;
  }

  private static ListedFile listed(AddFile file, boolean withStatistics) {
    List<String[]> texts = new ArrayList<>();
    file.partitionValues().forEach((key, value) -> texts.add(new String[] {key, value}));
    return new ListedFile(
        file.id(),
        file.size(),
        texts,
        withStatistics ? file.stats() : null,
        file.deletionVector() == null ? NOTHING_DELETED : file.deletionVector().cardinality(),
        file.modificationTime());
  }

  private void writeObject(ObjectOutputStream out) throws IOException {
    out.writeInt(files.size());
    for (AddFile packed : files) {
      ListedFile file = listed(packed, withStatistics);
      writeText(out, file.id());
      out.writeLong(file.size());
      out.writeInt(file.partitionTexts().size());
      for (String[] text : file.partitionTexts()) {
        writeText(out, text[0]);
        writeText(out, text[1]);
      }
      writeText(out, file.statistics());
      out.writeLong(file.deleted());
      out.writeBoolean(file.modified() != null);
      out.writeLong(file.modified() == null ? 0 : file.modified());
    }
  }

  private void readObject(ObjectInputStream in) throws IOException {
    int count = in.readInt();
    read = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String id = readText(in);
      long size = in.readLong();
      List<String[]> texts = new ArrayList<>();
      for (int columns = in.readInt(); columns > 0; columns--) {
        texts.add(new String[] {readText(in), readText(in)});
      }
      String statistics = readText(in);
      long deleted = in.readLong();
      boolean dated = in.readBoolean();
      long modified = in.readLong();
      read.add(new ListedFile(id, size, texts, statistics, deleted, dated ? modified : null));
    }
  }

  /** Of any length, null too. */
  private static void writeText(ObjectOutputStream out, String text) throws IOException {
    if (text == null) {
      out.writeInt(-1);
    } else {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      out.writeInt(bytes.length);
      out.write(bytes);
    }
  }

  private static String readText(ObjectInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 0) {
      return null;
    }
    byte[] bytes = new byte[length];
    in.readFully(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** Without the files. */
  @Override
  public String toString() {
    return "FileListPartition";
  }
}
