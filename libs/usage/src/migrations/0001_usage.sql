-- What was learned of the callers' habits: the model's rows as they are, and up to where in the stream of notes they were learned.
CREATE TABLE usage_model (
  key        text COLLATE "C" PRIMARY KEY,
  data       jsonb       NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- One row.
CREATE TABLE usage_state (
  only_row   boolean     PRIMARY KEY DEFAULT true CHECK (only_row),
  -- Id of the last entry of the stream that the rows were learned from.
  last_id    text        NOT NULL DEFAULT '0',
  -- Lease token of whoever loaded to learn, or saved, last: older ones are refused.
  token      bigint      NOT NULL DEFAULT 0,
  updated_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
INSERT INTO usage_state DEFAULT VALUES;
