--[[
Reads one series' window in one step.

Promise: rows, coverage and head are of one moment; a window of which one key was evicted, expired or deleted reads as
absent, never as "no trades" (its sorted set and its hash carry the same generation, see put-page.lua).

KEYS[1]  rows: sorted set, score = open (epoch ms), member = encoded row; score -1 holds "#<generation>"
KEYS[2]  meta: hash, see put-page.lua
ARGV[1]  exclusive upper bound on the open, epoch ms
ARGV[2]  lower bound on the open, epoch ms, 0 or more
ARGV[3]  most rows to return
ARGV[4]  rows that the window keeps by default, see kept-rows.lua
ARGV[5]  most ranges of coverage that the window keeps

Reply: { now (epoch µs, this server's clock), coverage ("from:until,…" ms, '' when absent), headFrom, headSeenAt,
         headProvenance, headRows (joined by newlines) — four empty strings without a head —, rows (newest
         first, joined by newlines: one text is read faster than 200 small ones),
         the open from which on a put would leave rows in a full window, 0 while it is not full: of a window that is to keep
         fewer rows than it has, the older ones are shown until then }
--]]
local ROWS, META = KEYS[1], KEYS[2]
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local generation, coverage, headFrom, headSeenAt, headProvenance, headRows, keep = unpack(redis.call(
  'HMGET', META, 'generation', 'coverage', 'headFrom', 'headSeenAt', 'headProvenance', 'headRows', 'keep'))

-- A head is written as a whole: what is left of one shows nothing.
if not (headFrom and headSeenAt and headRows) then
  headFrom, headSeenAt, headProvenance, headRows = nil, nil, nil, nil
end

-- A row that stands below the first of all opens would be missed where it belongs.
local isWhole = generation and redis.call('ZRANGE', ROWS, 0, 0)[1] == '#' .. generation
  and redis.call('ZCOUNT', ROWS, '-inf', '(0') == 1
if not isWhole then
  return { now, '', '', '', '', '', '', 0 }
end

local function keptFromOfRanges()
  local _, commas = string.gsub(coverage or '', ',', '')
  if commas + 1 < tonumber(ARGV[5]) then return 0 end
  return tonumber(string.match(coverage, '^%d+'))
end

local function keptFrom()
  local most = rowsToKeep(keep, tonumber(ARGV[4]), now / 1000)
  if redis.call('ZCARD', ROWS) <= most then return keptFromOfRanges() end
  local oldestKept = tonumber(redis.call('ZRANGE', ROWS, -most, -most, 'WITHSCORES')[2])
  return math.max(oldestKept, keptFromOfRanges())
end

local rows = redis.call('ZREVRANGEBYSCORE', ROWS, '(' .. ARGV[1], ARGV[2], 'LIMIT', 0, ARGV[3])
return { now, coverage or '', headFrom or '', headSeenAt or '', headProvenance or '', headRows or '',
  table.concat(rows, '\n'), keptFrom() }
