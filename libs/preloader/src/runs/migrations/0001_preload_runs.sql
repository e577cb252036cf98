-- Runs that bring what a strategy needs, when it is activated: how far each is, and how it ended.
CREATE TABLE preload_runs (
  id          text COLLATE "C" PRIMARY KEY,
  strategy_id text COLLATE "C" NOT NULL,
  state       text COLLATE "C" NOT NULL DEFAULT 'running',
  -- Pages of up to 200 rows; 0 until the needs have been looked up.
  total       integer          NOT NULL DEFAULT 0,
  done        integer          NOT NULL DEFAULT 0,
  -- Calls of the exchange that it took.
  calls       integer          NOT NULL DEFAULT 0,
  -- What it was held up by last, or why it ended so.
  reason      text,
  created_at  timestamptz      NOT NULL DEFAULT clock_timestamp(),
  updated_at  timestamptz      NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT preload_runs_state CHECK (state IN ('running', 'done', 'failed', 'cancelled'))
);
CREATE INDEX preload_runs_by_age ON preload_runs (created_at DESC);
-- A strategy is brought by one run at a time.
CREATE UNIQUE INDEX preload_runs_running ON preload_runs (strategy_id) WHERE state = 'running';
