--[[
Puts what a page proved into one series' window.

Promise: rows, coverage, head and revision change together or not at all. Rows of the covered range are replaced, so an
open never stands twice. A newer sight of the head is never overwritten by an older one (a late job cannot turn time
back); finals that reach past the head without bringing one drop it, for the present has moved on. The window keeps its newest rows only, and its coverage never claims a row that was trimmed. If one of the keys was
lost, the window starts anew.

KEYS[1]  rows: sorted set, score = open (epoch ms), member = encoded row; score -1 holds "#<generation>"
KEYS[2]  meta: hash of generation, coverage, revision, headFrom, headSeenAt, headRows
ARGV[1]  generation to use if the window starts anew
ARGV[2]  most rows to keep
ARGV[3]  time to live, whole ms
ARGV[4]  covered from, epoch ms      ARGV[5]  covered until, exclusive; equal to "from" when nothing is covered
ARGV[6]  head: settled edge, epoch ms, or '' for none
ARGV[7]  head: when it was seen, epoch ms by this server's clock     ARGV[8]  head: rows joined by newlines
ARGV[9]  'replace': the page is the newest knowledge of its range; 'fill': only what the window does not cover yet is taken
ARGV[10…] score and member of each final row, all inside the covered range

Reply: the series' revision after the change
--]]
local ROWS, META = KEYS[1], KEYS[2]
local coveredFrom, coveredUntil = tonumber(ARGV[4]), tonumber(ARGV[5])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local function ms(number)
  return string.format('%.0f', number)
end

local function startAnewIfBroken()
  local generation = redis.call('HGET', META, 'generation')
  local sentinel = redis.call('ZRANGE', ROWS, 0, 0)[1]
  if generation and sentinel == '#' .. generation then return end
  redis.call('DEL', ROWS, META)
  redis.call('ZADD', ROWS, -1, '#' .. ARGV[1])
  redis.call('HSET', META, 'generation', ARGV[1])
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

-- The opens below which rows were trimmed away, 0 when none were.
local function trimRows()
  local surplus = redis.call('ZCARD', ROWS) - 1 - tonumber(ARGV[2])
  if surplus <= 0 then return 0 end
  redis.call('ZREMRANGEBYRANK', ROWS, 1, surplus)
  return tonumber(redis.call('ZRANGE', ROWS, 1, 1, 'WITHSCORES')[2])
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
  if ARGV[6] == '' and headFrom and coveredUntil > tonumber(headFrom) then
    redis.call('HDEL', META, 'headFrom', 'headSeenAt', 'headRows')
  end
end

local function putFinals()
  if coveredFrom >= coveredUntil then return end
  local ranges = readCoverage()
  local replace = ARGV[9] == 'replace'
  if replace then
    redis.call('ZREMRANGEBYSCORE', ROWS, ms(coveredFrom), '(' .. ms(coveredUntil))
  end
  for i = 10, #ARGV, 2 do
    if replace or not covers(ranges, tonumber(ARGV[i])) then
      redis.call('ZADD', ROWS, ARGV[i], ARGV[i + 1])
    end
  end
  ranges[#ranges + 1] = { coveredFrom, coveredUntil }
  writeCoverage(union(ranges), trimRows())
  dropPassedHead()
end

-- A sight from the future stems from another clock (a failover) and must not block newer ones.
local function putHead()
  if ARGV[6] == '' then return end
  local seenAt = tonumber(ARGV[7])
  local current = tonumber(redis.call('HGET', META, 'headSeenAt') or '-1')
  if current <= now and seenAt < current then return end
  redis.call('HSET', META, 'headFrom', ARGV[6], 'headSeenAt', ms(seenAt), 'headRows', ARGV[8])
end

startAnewIfBroken()
putFinals()
putHead()
redis.call('PEXPIRE', ROWS, ARGV[3])
redis.call('PEXPIRE', META, ARGV[3])
return redis.call('HINCRBY', META, 'revision', 1)
