-- Final candles, exactly as the exchange prints them.
CREATE TABLE candles (
  market         text COLLATE "C" NOT NULL,
  timeframe      text COLLATE "C" NOT NULL,
  open_time      timestamptz      NOT NULL,
  -- Epoch milliseconds at which the exchange stored the last tick; may lie past the close.
  last_tick_ms   bigint           NOT NULL,
  -- When this text was stored.
  read_at        timestamptz      NOT NULL DEFAULT now(),
  -- How often a later read of this final row differed and replaced it.
  corrections    integer          NOT NULL DEFAULT 0,
  open           numeric(38, 8)   NOT NULL,
  high           numeric(38, 8)   NOT NULL,
  low            numeric(38, 8)   NOT NULL,
  close          numeric(38, 8)   NOT NULL,
  volume         numeric(38, 8)   NOT NULL,
  turnover       numeric(38, 8)   NOT NULL,
  -- Days only.
  previous_close numeric(38, 8),
  change         numeric(38, 8),
  change_rate    numeric(38, 10),
  provenance     text COLLATE "C" NOT NULL DEFAULT 'native',
  PRIMARY KEY (market, timeframe, open_time),
  CONSTRAINT candles_daily_change_is_whole
    CHECK (num_nonnulls(previous_close, change, change_rate) IN (0, 3)),
  CONSTRAINT candles_provenance_is_known
    CHECK (provenance IN ('native', 'fold', 'stream'))
);

-- Where every existing candle of a series is in the table above. A lower bound of 1970-01-01 means "since the beginning".
CREATE TABLE coverage (
  market    text COLLATE "C" NOT NULL,
  timeframe text COLLATE "C" NOT NULL,
  ranges    tstzmultirange   NOT NULL,
  PRIMARY KEY (market, timeframe)
);
