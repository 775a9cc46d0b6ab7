-- Who is signed in to the page. Of a session's id there is a SHA-256 only; token_hash is that of the principal's token when it
-- signed in, so that another token ends the session.
CREATE TABLE sign_ins (
  id_hash VARCHAR(64) PRIMARY KEY,
  principal_id VARCHAR(36) NOT NULL REFERENCES principals (id) ON DELETE CASCADE,
  token_hash VARCHAR(64) NOT NULL,
  created_at BIGINT NOT NULL,
  last_used_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);

CREATE INDEX sign_ins_by_principal ON sign_ins (principal_id);
