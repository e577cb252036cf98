-- Long-running work over a range of one series: bringing it into the store, or holding the store against the exchange.
CREATE TABLE history_tasks (
  id          text COLLATE "C" PRIMARY KEY,
  kind        text COLLATE "C" NOT NULL,
  state       text COLLATE "C" NOT NULL DEFAULT 'running',
  market      text COLLATE "C" NOT NULL,
  timeframe   text COLLATE "C" NOT NULL,
  from_time   timestamptz      NOT NULL,
  until_time  timestamptz      NOT NULL,
  -- No end was asked for: the task goes to the newest closed candle of the moment it was made.
  open_ended  boolean          NOT NULL,
  -- All that opens at or after it, within the range, is done; tasks go from the newest candle to the oldest.
  cursor_time timestamptz      NOT NULL,
  pages       integer          NOT NULL DEFAULT 0,
  calls       integer          NOT NULL DEFAULT 0,
  rows        bigint           NOT NULL DEFAULT 0,
  compared    bigint           NOT NULL DEFAULT 0,
  added       bigint           NOT NULL DEFAULT 0,
  missing     bigint           NOT NULL DEFAULT 0,
  surplus     bigint           NOT NULL DEFAULT 0,
  different   bigint           NOT NULL DEFAULT 0,
  -- The first differences in detail; the counts above are whole.
  differences jsonb            NOT NULL DEFAULT '[]',
  -- Attempts since the cursor last moved.
  failures    integer          NOT NULL DEFAULT 0,
  reason      text,
  created_at  timestamptz      NOT NULL DEFAULT clock_timestamp(),
  updated_at  timestamptz      NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT history_tasks_kind_is_known CHECK (kind IN ('backfill', 'verification')),
  CONSTRAINT history_tasks_state_is_known
    CHECK (state IN ('running', 'done', 'failed', 'cancelled')),
  CONSTRAINT history_tasks_cursor_is_in_range CHECK (cursor_time BETWEEN from_time AND until_time)
);

-- The same work is under way once: who asks again is shown the task that runs.
CREATE UNIQUE INDEX history_tasks_run_once
  ON history_tasks (kind, market, timeframe, from_time,
                    (CASE WHEN open_ended THEN timestamptz 'infinity' ELSE until_time END))
  WHERE state = 'running';

CREATE INDEX history_tasks_newest ON history_tasks (created_at DESC);

-- What reconciliation has done since ever: one row.
CREATE TABLE reconciliation (
  only_row    boolean     PRIMARY KEY DEFAULT true CHECK (only_row),
  runs        bigint      NOT NULL DEFAULT 0,
  pages       bigint      NOT NULL DEFAULT 0,
  calls       bigint      NOT NULL DEFAULT 0,
  rows        bigint      NOT NULL DEFAULT 0,
  differences bigint      NOT NULL DEFAULT 0,
  failures    bigint      NOT NULL DEFAULT 0,
  updated_at  timestamptz NOT NULL DEFAULT clock_timestamp()
);
INSERT INTO reconciliation DEFAULT VALUES;
