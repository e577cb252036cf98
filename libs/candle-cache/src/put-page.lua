--[[
Puts what a page proved into one series' window.

Promise: rows, coverage, head and revision change together or not at all. Rows of the covered range are replaced, so an
open never stands twice. Rows saved under an older revision of the store than the window has seen are not taken; a newer
revision takes the rows and the coverage away first. A newer sight of the head is never overwritten by an older one (a
late job cannot turn time back); finals that reach past the head without bringing one drop it, for the present has moved
on. The window keeps its newest rows only, as many as its `keep` says (kept-rows.lua), and its coverage never claims a row
that was trimmed. If one of the keys was lost, the window starts anew. A writer that shows a smaller token than the largest one seen changes nothing at all. A put that
only replaces the head by a newer one is not measured: it comes several times a second, and changes the size by little.

KEYS[1]  rows: sorted set, score = open (epoch ms), member = encoded row; score -1 holds "#<generation>"
KEYS[2]  meta: hash of generation, version (rises with every change), createdAt, updatedAt (epoch ms), storeRevision,
         coverage, headFrom, headSeenAt, headProvenance, headRows, fence (largest token that a writer has shown),
         keep (see keep-window.lua)
ARGV[1]  generation to use if the window starts anew
ARGV[2]  rows to keep by default     ARGV[3]  most ranges of coverage to keep
ARGV[4]  time to live, whole ms
ARGV[5]  'replace': the page is the newest knowledge of its range; 'fill': only what the window does not cover yet is taken
ARGV[6]  revision of the store that the finals were saved under, '' when they were not: then they are not taken
ARGV[7]  covered from, epoch ms      ARGV[8]  covered until, exclusive; equal to "from" when nothing is covered
ARGV[9]  head: settled edge, epoch ms, or '' for none
ARGV[10] head: when it was seen, epoch ms by this server's clock
ARGV[11] head: provenance            ARGV[12] head: rows joined by newlines
ARGV[13] token of the writer, a whole number, or '' for one who needs none
ARGV[14] channel on which changes are told
ARGV[15] the series' name
ARGV[16…] score and member of each final row, all inside the covered range

Tells: "sight <series>" when the head shows other rows than before (the same rows, seen again, make an earlier sight of them no less
true: live sees a quiet market five times a second), and when finals are put: they pass a head, and longer candles can be folded with
them; "revision <series> <revision>" when finals that were shown before are not to be believed any more. Both in the step in which it
becomes so: whoever reads before it is told, and whoever reads after it sees it. Told before it is written: where telling is refused, nothing changes.

Reply: { generation, version, bytes of both keys (measured) }; nothing when nothing changed that is to be measured;
         { largest token seen } when the writer's is smaller
--]]
local ROWS, META = KEYS[1], KEYS[2]
local revision, token = tonumber(ARGV[6]), tonumber(ARGV[13])
local coveredFrom, coveredUntil = tonumber(ARGV[7]), tonumber(ARGV[8])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local changed, resized = false, false
local LATEST_MS = 1e13

local function ms(number)
  return string.format('%.0f', number)
end

-- What no writer has shown ends the script: the window is taken away then. One that is too large would shut out everybody after it.
local function seenNumber(name, kept)
  local number = tonumber(kept or '0')
  if not number or not (number >= 0 and number < LATEST_MS) then
    error('"' .. name .. '" of ' .. META .. ' is "' .. tostring(kept) .. '": expected a whole number')
  end
  return number
end

local shown, keep = unpack(redis.call('HMGET', META, 'fence', 'keep'))
local fence = seenNumber('fence', shown)
if token and token < fence then return { ms(fence) } end

-- What was seen of the store and of writers is remembered even if the rows were lost, so that a late page cannot take their place;
-- so are the rows to keep.
local function startAnewIfBroken()
  local generation = redis.call('HGET', META, 'generation')
  local sentinel = redis.call('ZRANGE', ROWS, 0, 0)[1]
  local isAlone = redis.call('ZCOUNT', ROWS, '-inf', '(0') == 1
  if generation and sentinel == '#' .. generation and isAlone then return end
  local seen = redis.call('HGET', META, 'storeRevision')
  redis.call('DEL', ROWS, META)
  redis.call('ZADD', ROWS, -1, '#' .. ARGV[1])
  redis.call('HSET', META, 'generation', ARGV[1], 'createdAt', ms(now))
  if seen then redis.call('HSET', META, 'storeRevision', seen) end
  if fence > 0 then redis.call('HSET', META, 'fence', ms(fence)) end
  if keep then redis.call('HSET', META, 'keep', keep) end
  resized = true
end

local function raiseFence()
  if not token or token <= fence then return end
  redis.call('HSET', META, 'fence', ARGV[13])
  changed = true
end

-- Whether finals of this revision may be taken.
local function meetRevision()
  if not revision then return false end
  local seen = seenNumber('storeRevision', redis.call('HGET', META, 'storeRevision'))
  if revision > seen then
    redis.call('PUBLISH', ARGV[14], 'revision ' .. ARGV[15] .. ' ' .. ARGV[6])
    redis.call('ZREMRANGEBYSCORE', ROWS, 0, '+inf')
    redis.call('HDEL', META, 'coverage')
    redis.call('HSET', META, 'storeRevision', ARGV[6])
    resized = true
  end
  return revision >= seen
end

local function readCoverage()
  local ranges = {}
  for from, untilMs in string.gmatch(redis.call('HGET', META, 'coverage') or '', '(%d+):(%d+)') do
    ranges[#ranges + 1] = { tonumber(from), tonumber(untilMs) }
  end
  return ranges
end

local function union(ranges)
  table.sort(ranges, function(a, b) return a[1] < b[1] end)
  local merged = {}
  for _, range in ipairs(ranges) do
    local last = merged[#merged]
    if last and range[1] <= last[2] then
      last[2] = math.max(last[2], range[2])
    else
      merged[#merged + 1] = range
    end
  end
  return merged
end

-- The open below which nothing is kept any more: 0 while both rows and ranges are few enough.
local function trim(ranges)
  local keptFrom = 0
  local surplusRanges = #ranges - tonumber(ARGV[3])
  if surplusRanges > 0 then
    keptFrom = ranges[surplusRanges + 1][1]
    redis.call('ZREMRANGEBYSCORE', ROWS, 0, '(' .. ms(keptFrom))
  end
  local surplus = redis.call('ZCARD', ROWS) - 1 - rowsToKeep(keep, tonumber(ARGV[2]), now)
  if surplus <= 0 then return keptFrom end
  redis.call('ZREMRANGEBYRANK', ROWS, 1, surplus)
  return math.max(keptFrom, tonumber(redis.call('ZRANGE', ROWS, 1, 1, 'WITHSCORES')[2]))
end

local function writeCoverage(ranges, keptFrom)
  local parts = {}
  for _, range in ipairs(ranges) do
    local from = math.max(range[1], keptFrom)
    if from < range[2] then parts[#parts + 1] = ms(from) .. ':' .. ms(range[2]) end
  end
  redis.call('HSET', META, 'coverage', table.concat(parts, ','))
end

local function covers(ranges, open)
  for _, range in ipairs(ranges) do
    if range[1] <= open and open < range[2] then return true end
  end
  return false
end

local function dropPassedHead()
  local headFrom = redis.call('HGET', META, 'headFrom')
  if ARGV[9] == '' and headFrom and coveredUntil > tonumber(headFrom) then
    redis.call('HDEL', META, 'headFrom', 'headSeenAt', 'headProvenance', 'headRows')
  end
end

local function tellSight()
  redis.call('PUBLISH', ARGV[14], 'sight ' .. ARGV[15])
end

local function putFinals()
  if coveredFrom >= coveredUntil then return end
  tellSight()
  local ranges = readCoverage()
  local replace = ARGV[5] == 'replace'
  if replace then
    redis.call('ZREMRANGEBYSCORE', ROWS, ms(coveredFrom), '(' .. ms(coveredUntil))
  end
  for i = 16, #ARGV, 2 do
    if replace or not covers(ranges, tonumber(ARGV[i])) then
      redis.call('ZADD', ROWS, ARGV[i], ARGV[i + 1])
    end
  end
  ranges[#ranges + 1] = { coveredFrom, coveredUntil }
  ranges = union(ranges)
  writeCoverage(ranges, trim(ranges))
  dropPassedHead()
  resized = true
end

-- A sight from the future stems from another clock (a failover) and must not block newer ones.
local function putHead()
  if ARGV[9] == '' then return end
  local seenAt = tonumber(ARGV[10])
  local current = tonumber(redis.call('HGET', META, 'headSeenAt') or '-1')
  if current <= now and seenAt < current then return end
  local shownFrom, shownRows, provenance = unpack(redis.call('HMGET', META, 'headFrom', 'headRows', 'headProvenance'))
  local isSame = shownFrom == ARGV[9] and shownRows == ARGV[12] and provenance == ARGV[11]
  if current > now or not isSame then tellSight() end
  if current < 0 then resized = true end
  redis.call('HSET', META, 'headFrom', ARGV[9], 'headSeenAt', ms(seenAt), 'headProvenance', ARGV[11], 'headRows', ARGV[12])
  changed = true
end

startAnewIfBroken()
raiseFence()
if meetRevision() then putFinals() end
putHead()
if not changed and not resized then return false end

local version = redis.call('HINCRBY', META, 'version', 1)
redis.call('HSET', META, 'updatedAt', ms(now))
redis.call('PEXPIRE', ROWS, ARGV[4])
redis.call('PEXPIRE', META, ARGV[4])
if not resized then return false end
local bytes = 0
for _, key in ipairs(KEYS) do
  bytes = bytes + redis.call('MEMORY', 'USAGE', key, 'SAMPLES', 0)
end
return { redis.call('HGET', META, 'generation'), version, bytes }
