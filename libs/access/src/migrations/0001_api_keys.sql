-- Who may ask. Of a key's secret only its hash is kept: whoever reads this table can use none of them.
CREATE TABLE api_keys (
  id              text COLLATE "C" PRIMARY KEY CHECK (id ~ '^[a-z2-7]{8}$'),
  name            text        NOT NULL CHECK (name ~ '^[A-Za-z0-9_.:-]{1,64}$'),
  -- SHA-256 of the secret's text. The secret is 256 random bits, so a slow hash would protect nothing.
  secret_hash     bytea       NOT NULL CHECK (length(secret_hash) = 32),
  scopes          text[]      NOT NULL CHECK (scopes <@ ARRAY['read', 'admin'] AND 'read' = ANY (scopes)),
  -- Rows that may be answered in a minute; NULL is the gateway's default.
  rows_per_minute bigint      CHECK (rows_per_minute > 0),
  created_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
  revoked_at      timestamptz,
  -- Written about every ten seconds.
  last_used_at    timestamptz
);
