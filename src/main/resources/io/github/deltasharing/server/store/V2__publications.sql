-- Tables that were made of files that were uploaded. object_id is what a share holds of it, and may be gone from there.
CREATE TABLE publications (
  id VARCHAR(36) PRIMARY KEY,
  name VARCHAR(255) NOT NULL,
  name_key VARCHAR(600) NOT NULL UNIQUE,
  comment VARCHAR(65536),
  location VARCHAR(8192) NOT NULL,
  file_name VARCHAR(255) NOT NULL,
  file_bytes BIGINT NOT NULL,
  file_format VARCHAR(1000) NOT NULL,
  row_count BIGINT NOT NULL,
  set_aside BIGINT NOT NULL,
  table_version BIGINT NOT NULL,
  object_id VARCHAR(36),
  owner VARCHAR(255) NOT NULL,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  created_by VARCHAR(255) NOT NULL,
  updated_at BIGINT NOT NULL,
  updated_by VARCHAR(255) NOT NULL
);
