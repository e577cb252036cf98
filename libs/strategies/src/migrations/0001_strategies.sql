-- Traders' strategies as they were given, and which of them run.
CREATE TABLE strategies (
  id             text COLLATE "C" PRIMARY KEY,
  document       jsonb            NOT NULL,
  is_active      boolean          NOT NULL,
  -- Of the change that made it what it is, and of the one that made it.
  revision       bigint           NOT NULL,
  first_revision bigint           NOT NULL,
  created_at     timestamptz      NOT NULL DEFAULT clock_timestamp(),
  updated_at     timestamptz      NOT NULL DEFAULT clock_timestamp()
);

-- How often any strategy changed: one row. Each change takes it first, so changes come one after another, and who sees its
-- number sees the change as well, which a sequence does not promise.
CREATE TABLE strategy_changes (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  revision bigint  NOT NULL DEFAULT 0
);
INSERT INTO strategy_changes DEFAULT VALUES;
