-- How the knowledge of each series came to be, and whether it moved.
ALTER TABLE coverage
  -- Rises whenever a stored row was changed or taken away; a stamp in epoch ms, so that it rises over an emptied database too.
  ADD COLUMN revision bigint         NOT NULL DEFAULT (extract(epoch FROM clock_timestamp()) * 1000)::bigint,
  -- Parts of ranges that were made from candles of a shorter timeframe.
  ADD COLUMN folded   tstzmultirange NOT NULL DEFAULT '{}',
  -- Parts of ranges that only the exchange's stream has shown.
  ADD COLUMN streamed tstzmultirange NOT NULL DEFAULT '{}',
  -- Parts of ranges that the exchange itself showed when nothing could change any more.
  ADD COLUMN verified tstzmultirange NOT NULL DEFAULT '{}',
  ADD CONSTRAINT coverage_parts_are_known
    CHECK (ranges @> folded AND ranges @> streamed AND ranges @> verified),
  ADD CONSTRAINT coverage_has_one_origin
    CHECK (NOT folded && streamed AND NOT folded && verified AND NOT streamed && verified);
