/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.protocol.codec;

/**
 * The names of actions and their fields on the wire (PROTOCOL.md, "API Response Actions in Parquet
 * Format" and "... in Delta Format"), for the reading and the writing half.
 */
final class FieldNames {
  // Lines.
  static final String PROTOCOL = "protocol";
  static final String METADATA = "metaData";
  static final String FILE = "file";
  static final String END_STREAM_ACTION = "endStreamAction";
  static final String QUERY_STATUS = "queryStatus";

  // What a commit did with a file: a line in parquet format, a single action in delta format.
  static final String ADD = "add";
  static final String REMOVE = "remove";
  static final String PARQUET_CHANGES = "cdf";
  static final String DELTA_CHANGES = "cdc";

  // The delta format's inner objects.
  static final String DELTA_PROTOCOL = "deltaProtocol";
  static final String DELTA_METADATA = "deltaMetadata";
  static final String DELTA_SINGLE_ACTION = "deltaSingleAction";

  // protocol
  static final String MIN_READER_VERSION = "minReaderVersion";
  static final String MIN_WRITER_VERSION = "minWriterVersion";
  static final String READER_FEATURES = "readerFeatures";
  static final String WRITER_FEATURES = "writerFeatures";

  // metaData
  static final String NAME = "name";
  static final String DESCRIPTION = "description";
  static final String FORMAT = "format";
  static final String FORMAT_PROVIDER = "provider";
  static final String FORMAT_OPTIONS = "options";
  static final String SCHEMA_STRING = "schemaString";
  static final String PARTITION_COLUMNS = "partitionColumns";
  static final String CONFIGURATION = "configuration";
  static final String CREATED_TIME = "createdTime";
  static final String NUM_FILES = "numFiles";
  static final String ACCESS_MODES = "accessModes";
  static final String LOCATION = "location";
  static final String AUXILIARY_LOCATIONS = "auxiliaryLocations";

  // Fields of several actions.
  static final String ID = "id";
  static final String SIZE = "size";
  static final String VERSION = "version";
  static final String TIMESTAMP = "timestamp";

  // Files.
  static final String URL = "url";
  static final String PATH = "path";
  static final String PARTITION_VALUES = "partitionValues";
  static final String STATS = "stats";
  static final String EXPIRATION_TIMESTAMP = "expirationTimestamp";
  static final String MODIFICATION_TIME = "modificationTime";
  static final String DELETION_TIMESTAMP = "deletionTimestamp";
  static final String EXTENDED_FILE_METADATA = "extendedFileMetadata";
  static final String DATA_CHANGE = "dataChange";

  // Deletion vectors.
  static final String DELETION_VECTOR_FILE_ID = "deletionVectorFileId";
  static final String DELETION_VECTOR = "deletionVector";
  static final String STORAGE_TYPE = "storageType";
  static final String PATH_OR_INLINE_DV = "pathOrInlineDv";
  static final String OFFSET = "offset";
  static final String SIZE_IN_BYTES = "sizeInBytes";
  static final String CARDINALITY = "cardinality";

  // endStreamAction
  static final String REFRESH_TOKEN = "refreshToken";
  static final String NEXT_PAGE_TOKEN = "nextPageToken";
  static final String MIN_URL_EXPIRATION_TIMESTAMP = "minUrlExpirationTimestamp";
  static final String ERROR_MESSAGE = "errorMessage";
  static final String HTTP_STATUS_ERROR_CODE = "httpStatusErrorCode";

  // queryStatus
  static final String QUERY_ID = "queryId";
  static final String STATUS = "status";

  // credentials
  static final String CREDENTIALS = "credentials";
  static final String EXPIRATION_TIME = "expirationTime";
  static final String ACCESS_KEY_ID = "accessKeyId";
  static final String SECRET_ACCESS_KEY = "secretAccessKey";
  static final String SESSION_TOKEN = "sessionToken";
  static final String ENDPOINT = "endpoint";
  static final String REGION = "region";
  static final String PATH_STYLE_ACCESS = "pathStyleAccess";
  static final String SAS_TOKEN = "sasToken";
  static final String OAUTH_TOKEN = "oauthToken";

  private FieldNames() {}
}
