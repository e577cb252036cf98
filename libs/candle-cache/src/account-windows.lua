--[[
Keeps the ledger of all windows: how many bytes each takes, when it was last used, how often it was read.

Promise: the total is the sum of the entries. An entry tells the newest version of its window's generation that was
reported, in whatever order reports arrive. A window is named for dropping, never forgotten, until it is reported gone.
If one of the keys was lost, the ledger starts anew and asks for an audit.

KEYS[1]  used: sorted set, score = last use (epoch µs), member = series; score -1 holds "#<generation>" of the ledger
KEYS[2]  sizes: hash, series -> "<bytes> <hits> <version> <generation of the window>"; "#generation", "#total" (bytes),
         "#auditAt" (epoch ms)
ARGV[1]  generation to use if the ledger starts anew
ARGV[2]  most bytes of all windows        ARGV[3]  time to live, whole ms
ARGV[4]  an audit is due so many ms after the last one
ARGV[5]  an audit that did not end in so many ms is given to another
ARGV[6…] notes of six fields, unused ones empty:
  'wrote', series, generation, version, bytes, ''       the window was written, and so used, just now
  'found', series, generation, version, bytes, usedAt   the window was measured; usedAt (µs) counts if it was unknown
  'read',  series, hits, '', '', usedAt                 the window was read; usedAt in µs
  'gone',  series, generation, '', '', ''               the window that the ledger knows as this generation is no more
  'audited', '', '', '', '', ''                         an audit has ended

Reply: { 1 when the caller is to audit now, series read but unknown, { series, generation, … } to be dropped: the least
         recently used ones, until the rest is within the bytes; never one that was written just now, even where it alone
         exceeds them or a clock that was set back makes it the oldest: whoever wrote it is about to read it }
--]]
local USED, SIZES = KEYS[1], KEYS[2]
local maxBytes, auditEvery, auditLease = tonumber(ARGV[2]), tonumber(ARGV[4]), tonumber(ARGV[5])
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]

local function whole(number)
  return string.format('%.0f', number)
end

local function startAnewIfBroken()
  local generation = redis.call('HGET', SIZES, '#generation')
  if generation and redis.call('ZRANGE', USED, 0, 0)[1] == '#' .. generation then return end
  redis.call('DEL', USED, SIZES)
  redis.call('ZADD', USED, -1, '#' .. ARGV[1])
  redis.call('HSET', SIZES, '#generation', ARGV[1], '#total', 0, '#auditAt', 0)
end

local function findEntry(series)
  local entry = redis.call('HGET', SIZES, series)
  if not entry then return nil end
  local bytes, hits, version, generation = string.match(entry, '^(%d+) (%d+) (%d+) (.*)$')
  return { bytes = tonumber(bytes), hits = tonumber(hits), version = tonumber(version), generation = generation }
end

local function putEntry(series, entry)
  redis.call('HSET', SIZES, series,
    string.format('%.0f %.0f %.0f %s', entry.bytes, entry.hits, entry.version, entry.generation))
end

local function addToTotal(bytes)
  redis.call('HINCRBY', SIZES, '#total', whole(bytes))
end

-- Never back, unless the last use lies in the future: that was another clock.
local function touch(series, usedAt)
  local last = tonumber(redis.call('ZSCORE', USED, series) or '-1')
  if usedAt > last or last > now then redis.call('ZADD', USED, whole(usedAt), series) end
end

local function measured(series, generation, version, bytes)
  local known = findEntry(series)
  local isSame = known and known.generation == generation
  if isSame and known.version > version then return end
  putEntry(series, { bytes = bytes, hits = isSame and known.hits or 0, version = version, generation = generation })
  addToTotal(bytes - (known and known.bytes or 0))
end

local unknown = {}
local justWritten = {}
local notes = {}

function notes.wrote(series, generation, version, bytes)
  measured(series, generation, tonumber(version), tonumber(bytes))
  touch(series, now)
  justWritten[series] = true
end

function notes.found(series, generation, version, bytes, usedAt)
  measured(series, generation, tonumber(version), tonumber(bytes))
  if not redis.call('ZSCORE', USED, series) then touch(series, tonumber(usedAt)) end
end

function notes.read(series, hits, _, _, usedAt)
  local entry = findEntry(series)
  if not entry then
    unknown[#unknown + 1] = series
    return
  end
  entry.hits = entry.hits + tonumber(hits)
  putEntry(series, entry)
  touch(series, tonumber(usedAt))
end

function notes.gone(series, generation)
  local entry = findEntry(series)
  if not entry or entry.generation ~= generation then return end
  redis.call('HDEL', SIZES, series)
  redis.call('ZREM', USED, series)
  addToTotal(-entry.bytes)
end

function notes.audited()
  redis.call('HSET', SIZES, '#auditAt', whole(now / 1000 + auditEvery))
end

local function isAuditDue()
  local auditAt = tonumber(redis.call('HGET', SIZES, '#auditAt'))
  local nowMs = now / 1000
  if nowMs < auditAt and auditAt <= nowMs + auditEvery + auditLease then return 0 end
  redis.call('HSET', SIZES, '#auditAt', whole(nowMs + auditLease))
  return 1
end

local function chooseVictims()
  local victims = {}
  local excess = tonumber(redis.call('HGET', SIZES, '#total')) - maxBytes
  local rank = 1
  while excess > 0 do
    local series = redis.call('ZRANGE', USED, rank, rank)[1]
    if not series then break end
    if not justWritten[series] then
      local entry = findEntry(series)
      victims[#victims + 1] = series
      victims[#victims + 1] = entry.generation
      excess = excess - entry.bytes
    end
    rank = rank + 1
  end
  return victims
end

startAnewIfBroken()
for i = 6, #ARGV, 6 do
  notes[ARGV[i]](ARGV[i + 1], ARGV[i + 2], ARGV[i + 3], ARGV[i + 4], ARGV[i + 5])
end
redis.call('PEXPIRE', USED, ARGV[3])
redis.call('PEXPIRE', SIZES, ARGV[3])
return { isAuditDue(), unknown, chooseVictims() }
