-- Plain SQL that H2 and PostgreSQL read alike. Times are milliseconds since 1970; *_key is a name without regard to case,
-- and its order is that of its characters whatever the database's own is.
-- Of tokens and activation links there is a SHA-256 only.
CREATE TABLE shares (
  id VARCHAR(36) PRIMARY KEY,
  name VARCHAR(255) NOT NULL,
  name_key VARCHAR(600) ${exact} NOT NULL UNIQUE,
  display_name VARCHAR(255),
  comment VARCHAR(65536),
  properties VARCHAR(400000) NOT NULL,
  owner VARCHAR(255) NOT NULL,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  created_by VARCHAR(255) NOT NULL,
  updated_at BIGINT NOT NULL,
  updated_by VARCHAR(255) NOT NULL
);

-- table_key is empty for a whole schema.
CREATE TABLE data_objects (
  id VARCHAR(36) PRIMARY KEY,
  share_id VARCHAR(36) NOT NULL REFERENCES shares (id) ON DELETE CASCADE,
  type VARCHAR(16) NOT NULL,
  name VARCHAR(1000) NOT NULL,
  schema_name VARCHAR(255) NOT NULL,
  schema_key VARCHAR(600) ${exact} NOT NULL,
  table_name VARCHAR(255) NOT NULL,
  table_key VARCHAR(600) ${exact} NOT NULL,
  location VARCHAR(50000) NOT NULL,
  comment VARCHAR(65536),
  history_shared BOOLEAN NOT NULL,
  start_version BIGINT NOT NULL,
  added_at BIGINT NOT NULL,
  added_by VARCHAR(255) NOT NULL,
  UNIQUE (share_id, schema_key, table_key)
);

-- epoch goes up when all that was issued to a recipient is to end at once.
CREATE TABLE recipients (
  id VARCHAR(36) PRIMARY KEY,
  name VARCHAR(255) NOT NULL,
  name_key VARCHAR(600) ${exact} NOT NULL UNIQUE,
  comment VARCHAR(65536),
  properties VARCHAR(400000) NOT NULL,
  ip_access_list VARCHAR(131072) NOT NULL,
  oidc_issuer VARCHAR(1024),
  oidc_audiences VARCHAR(200000),
  oidc_subject_claim VARCHAR(255),
  oidc_subject VARCHAR(1024),
  epoch BIGINT NOT NULL,
  owner VARCHAR(255) NOT NULL,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  created_by VARCHAR(255) NOT NULL,
  updated_at BIGINT NOT NULL,
  updated_by VARCHAR(255) NOT NULL,
  UNIQUE (oidc_issuer, oidc_subject_claim, oidc_subject)
);

CREATE TABLE recipient_tokens (
  id VARCHAR(36) PRIMARY KEY,
  recipient_id VARCHAR(36) NOT NULL REFERENCES recipients (id) ON DELETE CASCADE,
  activation_hash VARCHAR(64) NOT NULL UNIQUE,
  activation_expires_at BIGINT NOT NULL,
  token_hash VARCHAR(64) UNIQUE,
  activated_at BIGINT,
  expires_at BIGINT NOT NULL,
  superseded_at BIGINT,
  revoked_at BIGINT,
  last_used_at BIGINT,
  created_at BIGINT NOT NULL,
  created_by VARCHAR(255) NOT NULL
);

CREATE INDEX recipient_tokens_by_recipient ON recipient_tokens (recipient_id);

-- By the share's name: shares of the configuration are granted too, and are in no other table.
CREATE TABLE grants (
  share_key VARCHAR(600) ${exact} NOT NULL,
  recipient_id VARCHAR(36) NOT NULL REFERENCES recipients (id) ON DELETE CASCADE,
  granted_at BIGINT NOT NULL,
  granted_by VARCHAR(255) NOT NULL,
  PRIMARY KEY (share_key, recipient_id)
);

CREATE INDEX grants_by_recipient ON grants (recipient_id);

CREATE TABLE principals (
  id VARCHAR(36) PRIMARY KEY,
  name VARCHAR(255) NOT NULL,
  name_key VARCHAR(600) ${exact} NOT NULL UNIQUE,
  role VARCHAR(16) NOT NULL,
  token_hash VARCHAR(64) NOT NULL UNIQUE,
  last_used_at BIGINT,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  created_by VARCHAR(255) NOT NULL,
  updated_at BIGINT NOT NULL,
  updated_by VARCHAR(255) NOT NULL
);

CREATE TABLE signing_keys (
  id VARCHAR(36) PRIMARY KEY,
  secret VARCHAR(64) NOT NULL,
  created_at BIGINT NOT NULL,
  signs_from BIGINT NOT NULL
);

-- One row each; whoever has it locked does what one server at a time may do.
CREATE TABLE locks (
  name VARCHAR(36) PRIMARY KEY
);

INSERT INTO locks (name) VALUES ('signing-keys'), ('principals');
