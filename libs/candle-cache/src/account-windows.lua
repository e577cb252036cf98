--[[
Keeps the ledger of all windows: how many bytes each takes, when it was last used, how often it was read.

Promise: the total is the sum of the entries. An entry tells the newest version of its window's generation that was
reported, in whatever order reports arrive. A window is named for dropping, never forgotten, until it is reported gone.
If one of the keys was lost, the ledger starts anew and asks for an audit.

KEYS[1]  used: sorted set, score = last use (epoch µs), member = series; score -1 holds "#<generation>" of the ledger
KEYS[2]  sizes: hash, series -> "<bytes> <hits> <version> <generation of the window>"; "#generation", "#total" (bytes),
         "#auditAt" (epoch ms)
KEYS[3]  wanted: hash, series -> "<until, epoch ms> …" (see window-wishes.ts); "#spared" "<use> <until>": every window whose
         last use is before that (epoch µs) is wanted until then at least. Whoever replaces the wishes takes it away.
ARGV[1]  generation to use if the ledger starts anew
ARGV[2]  most bytes of all windows        ARGV[3]  time to live, whole ms
ARGV[4]  an audit is due so many ms after the last one
ARGV[5]  an audit that did not end in so many ms is given to another
ARGV[6]  a wish that ends more than so many ms from now is none: the clock was set back
ARGV[7…] notes of six fields, unused ones empty:
  'wrote', series, generation, version, bytes, ''       the window was written, and so used, just now
  'found', series, generation, version, bytes, usedAt   the window was measured; usedAt (µs) counts if it was unknown
  'read',  series, hits, '', '', usedAt                 the window was read; usedAt in µs
  'gone',  series, generation, '', '', ''               the window that the ledger knows as this generation is no more
  'audited', '', '', '', '', ''                         an audit has ended

Reply: { 1 when the caller is to audit now, series read but unknown, { series, generation, … } to be dropped: the least
         recently used of those that nobody wants, and when there are no more of them, of the wanted ones, until the rest is
         within the bytes; never one that was written just now, even where it alone exceeds them or a clock that was set
         back makes it the oldest: whoever wrote it is about to read it }
--]]
local USED, SIZES, WANTED = KEYS[1], KEYS[2], KEYS[3]
local maxBytes, auditEvery, auditLease = tonumber(ARGV[2]), tonumber(ARGV[4]), tonumber(ARGV[5])
local longestWish = tonumber(ARGV[6])
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local nowMs = now / 1000
local FIRST_LOOK, LARGEST_LOOK = 8, 256

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

local function isWanted(untilMs)
  return untilMs and nowMs < untilMs and untilMs <= nowMs + longestWish
end

local function readSpared()
  local before, untilMs = string.match(redis.call('HGET', WANTED, '#spared') or '', '^(%d+) (%d+)$')
  if isWanted(tonumber(untilMs or '0')) then return { before = tonumber(before), untilMs = tonumber(untilMs) } end
  return { before = 0, untilMs = math.huge }
end

-- The search for what may go begins there, not at thousands of windows that are waiting to be asked for.
local spared = readSpared()

-- Never back, unless the last use lies in the future: that was another clock.
local function touch(series, usedAt)
  local last = tonumber(redis.call('ZSCORE', USED, series) or '-1')
  if usedAt <= last and last <= now then return end
  redis.call('ZADD', USED, whole(usedAt), series)
  if usedAt >= spared.before then return end
  redis.call('HDEL', WANTED, '#spared')
  spared = { before = 0, untilMs = math.huge }
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
  if nowMs < auditAt and auditAt <= nowMs + auditEvery + auditLease then return 0 end
  redis.call('HSET', SIZES, '#auditAt', whole(nowMs + auditLease))
  return 1
end

-- From a rank on, the least recently used first, until `visit` says false.
local function eachWindow(rank, visit)
  local look = FIRST_LOOK
  while true do
    local names = redis.call('ZRANGE', USED, rank, rank + look - 1)
    if #names == 0 then return end
    local wishes = redis.call('HMGET', WANTED, unpack(names))
    for i, series in ipairs(names) do
      local untilMs = tonumber(string.match(wishes[i] or '', '^%d+') or '0')
      if not visit(series, isWanted(untilMs) and untilMs) then return end
    end
    rank, look = rank + look, math.min(look * 2, LARGEST_LOOK)
  end
end

-- Those before the first one that nobody wants: a victim stays among the others until it is reported gone.
local function spareUpTo(series, untilMs)
  if not series then return end
  spared = { before = tonumber(redis.call('ZSCORE', USED, series)), untilMs = untilMs }
  redis.call('HSET', WANTED, '#spared', whole(spared.before) .. ' ' .. whole(spared.untilMs))
end

local function eachUnwanted(visit)
  local isUnbroken, last, untilMs = true, nil, spared.untilMs
  eachWindow(redis.call('ZCOUNT', USED, '-inf', '(' .. whole(spared.before)), function(series, wantedUntil)
    if not wantedUntil then
      isUnbroken = false
      return visit(series)
    end
    if isUnbroken then last, untilMs = series, math.min(untilMs, wantedUntil) end
    return true
  end)
  spareUpTo(last, untilMs)
end

-- What is no sum of windows ends the script: the ledger is taken away then, and begins anew.
local function readTotal()
  local kept = redis.call('HGET', SIZES, '#total')
  local total = tonumber(kept)
  if not total or not (total >= 0 and total < 2 ^ 53) then
    error('the "#total" of ' .. SIZES .. ' is "' .. tostring(kept) .. '": expected bytes')
  end
  return total
end

local function chooseVictims()
  local excess = readTotal() - maxBytes
  if excess <= 0 then return {} end
  local victims, isNamed, spareBytes = {}, {}, 0
  local function name(series)
    if isNamed[series] then return true end
    local entry = findEntry(series)
    if justWritten[series] then
      spareBytes = spareBytes + entry.bytes
      return true
    end
    isNamed[series] = true
    victims[#victims + 1] = series
    victims[#victims + 1] = entry.generation
    excess = excess - entry.bytes
    return excess > 0
  end
  eachUnwanted(name)
  if excess > 0 then
    spareBytes = 0
    eachWindow(1, name)
    if excess > spareBytes then error('the "#total" of ' .. SIZES .. ' is more than all its windows') end
  end
  return victims
end

startAnewIfBroken()
for i = 7, #ARGV, 6 do
  notes[ARGV[i]](ARGV[i + 1], ARGV[i + 2], ARGV[i + 3], ARGV[i + 4], ARGV[i + 5])
end
redis.call('PEXPIRE', USED, ARGV[3])
redis.call('PEXPIRE', SIZES, ARGV[3])
return { isAuditDue(), unknown, chooseVictims() }
