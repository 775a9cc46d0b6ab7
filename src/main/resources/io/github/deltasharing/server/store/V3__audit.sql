-- One row for each request. id starts with the time, so that its order is that of time: 12 hexadecimal digits of milliseconds since
-- 1970, then random ones. *_key are names without regard to case, long ones shortened; empty where there is none. details is JSON
-- without any secret.
CREATE TABLE audit_events (
  id VARCHAR(32) ${exact} PRIMARY KEY,
  at_millis BIGINT NOT NULL,
  duration_millis BIGINT NOT NULL,
  method VARCHAR(64) NOT NULL,
  operation VARCHAR(64) NOT NULL,
  action VARCHAR(16) NOT NULL,
  actor_type VARCHAR(16) NOT NULL,
  actor_id VARCHAR(64) NOT NULL,
  actor_name VARCHAR(255) NOT NULL,
  recipient_key VARCHAR(600) ${exact} NOT NULL,
  principal_key VARCHAR(600) ${exact} NOT NULL,
  share_key VARCHAR(600) ${exact} NOT NULL,
  schema_key VARCHAR(600) ${exact} NOT NULL,
  table_key VARCHAR(600) ${exact} NOT NULL,
  table_version BIGINT NOT NULL,
  files BIGINT NOT NULL,
  bytes BIGINT NOT NULL,
  status INTEGER NOT NULL,
  failed BOOLEAN NOT NULL,
  error_code VARCHAR(64) NOT NULL,
  address VARCHAR(64) NOT NULL,
  request_id VARCHAR(128) ${exact} NOT NULL,
  details VARCHAR(1000000) NOT NULL
);

CREATE INDEX audit_events_by_recipient ON audit_events (recipient_key, id);
CREATE INDEX audit_events_by_principal ON audit_events (principal_key, id);
CREATE INDEX audit_events_by_share ON audit_events (share_key, id);
CREATE INDEX audit_events_by_table ON audit_events (table_key, id);
CREATE INDEX audit_events_by_request ON audit_events (request_id);

-- Further recipients that one request was about.
CREATE TABLE audit_recipients (
  recipient_key VARCHAR(600) ${exact} NOT NULL,
  event_id VARCHAR(32) ${exact} NOT NULL,
  PRIMARY KEY (recipient_key, event_id)
);

CREATE INDEX audit_recipients_by_event ON audit_recipients (event_id);

-- What recipients did with tables, summed up by days (since 1970). Without a recipient: clients by the token of share.yaml.
CREATE TABLE audit_usage (
  day_number BIGINT NOT NULL,
  recipient_key VARCHAR(600) ${exact} NOT NULL,
  share_key VARCHAR(600) ${exact} NOT NULL,
  schema_key VARCHAR(600) ${exact} NOT NULL,
  table_key VARCHAR(600) ${exact} NOT NULL,
  recipient_name VARCHAR(255) NOT NULL,
  share_name VARCHAR(255) NOT NULL,
  schema_name VARCHAR(255) NOT NULL,
  table_name VARCHAR(255) NOT NULL,
  requests BIGINT NOT NULL,
  errors BIGINT NOT NULL,
  files BIGINT NOT NULL,
  bytes BIGINT NOT NULL,
  last_used_at BIGINT NOT NULL,
  PRIMARY KEY (day_number, recipient_key, share_key, schema_key, table_key)
);

INSERT INTO locks (name) VALUES ('audit-retention');
