--[[
release: the call of a permit has ended; what its ending says of the exchange is heeded.

Promise  A slot is free no sooner than one rest after the exchange can have counted its call. Also when the lease has ended or the set
         was lost in between: the permit is put back, because the exchange has seen its call. More than `limit` members are then
         possible for a while; they only make take.lua more careful. Running it twice lengthens the rest.

ARGV[5]  token of the permit
ARGV[6]  ending: answered | failed | rate-limited | banned | unused | timed-out | left
ARGV[7]  how late the exchange may count a call that it did not answer, ms
ARGV[8]  answered: calls that the exchange still allows, -1 = not said; banned: its length, ms, -1 = not said
ARGV[9]  a number in [0, 1), for jitter
Reply    ms for which nothing is granted because of this ending; 0 = none
]]
local FAILURES = 5 -- in a row, of all processes, and the exchange counts as down
local BREAK_MS, LONGEST_BREAK_MS = 500, 10000
local BAN_MS = 60000
local FORGIVE_MS = 90000000 -- so long after a block began, the next one counts as the first
local ROUNDING_MS = 1000 -- a block may be stated in whole seconds, rounded down
local token, ending, lateMs = ARGV[5], ARGV[6], tonumber(ARGV[7])
local detail, chance = tonumber(ARGV[8]), tonumber(ARGV[9])

local function isProbe(key)
  return redis.call('HGET', key, 'probe') == token
end

local function isOpen(key)
  return nowMs < (field(key, 'untilMs') or 0)
end

-- The lease is replaced by a rest, which is sooner.
local function free(ms)
  redis.call('ZADD', SLOTS, text(nowMs + ms), token)
end

-- The lease stands, whatever renewals have made of it.
local function lease()
  local sentMs = scoreOf(SENT, token) or nowMs
  redis.call('ZADD', SLOTS, text(math.max(sentMs + leaseMs, nowMs + windowMs + lateMs)), token)
end

-- Whether this call was sent before something became known: then its ending says nothing new of that.
local function isOlderThan(key, name)
  local sentMs, sinceMs = scoreOf(SENT, token), field(key, name)
  return sentMs and sinceMs and sentMs <= sinceMs and sinceMs <= nowMs
end

-- The exchange allows fewer calls than are known here: somebody else calls from this egress. Counted against all slots that were
-- taken at any time since this call was sent, so our own calls are never taken for foreign ones.
local function heedRemaining()
  local sentMs = scoreOf(SENT, token)
  if detail < 0 or not sentMs then
    return
  end
  local own = redis.call('ZCOUNT', SLOTS, '(' .. text(sentMs), '(+inf')
  for slot = 1, math.min(limit, limit - detail - own) do
    redis.call('ZADD', SLOTS, 'GT', text(nowMs + restMs), 'foreign:' .. slot)
  end
end

local function heedAnswer()
  redis.call('HDEL', STATE, 'failures')
  if isProbe(STATE) then
    closeGate(STATE)
  end
  if isProbe(CIRCUIT) then
    if redis.call('HGET', CIRCUIT, 'reason') == 'banned' then
      redis.call('HSET', CIRCUIT, 'rampSinceMs', text(nowMs))
    end
    closeGate(CIRCUIT)
  end
end

local function heedFailure()
  if isProbe(CIRCUIT) then
    -- No word of a block, and no word that there is none: one more probe, later.
    openGate(CIRCUIT, nowMs + restMs, redis.call('HGET', CIRCUIT, 'reason') or 'unavailable', field(CIRCUIT, 'strikes') or 0)
  end
  local probed = isProbe(STATE)
  if field(STATE, 'untilMs') and not probed and isOlderThan(STATE, 'openedMs') then
    return 0
  end
  local failures = redis.call('HINCRBY', STATE, 'failures', 1)
  if isOpen(STATE) or not (probed or failures >= FAILURES) then
    return 0
  end
  local strikes = (field(STATE, 'strikes') or 0) + 1
  local mostMs = math.min(LONGEST_BREAK_MS, BREAK_MS * 2 ^ strikes)
  local breakMs = mostMs * (0.5 + chance / 2)
  openGate(STATE, nowMs + breakMs, 'unavailable', strikes)
  return breakMs
end

-- Of several refusals of one second the first takes the slots away.
local function heedRateLimit()
  if nowMs >= (field(STATE, 'pauseUntilMs') or 0) then
    local slots = math.max(1, math.floor(allowedNow() * 0.8))
    redis.call('HSET', STATE, 'slots', slots, 'slotsSinceMs', text(nowMs + restMs))
  end
  redis.call('HSET', STATE, 'pauseUntilMs', text(nowMs + restMs))
  return restMs
end

-- Calls that were under way when the block began are refused with it; they tell nothing new.
local function heedBan()
  local untilMs = field(CIRCUIT, 'untilMs') or 0
  if isOlderThan(CIRCUIT, 'bannedMs') then
    return math.max(0, untilMs - nowMs)
  end
  local isForgiven = nowMs - (field(CIRCUIT, 'bannedMs') or 0) >= FORGIVE_MS
  local bans = (isForgiven and 0 or field(CIRCUIT, 'bans')) + 1
  local lengthMs = detail >= 0 and detail + ROUNDING_MS or BAN_MS * 2 ^ (bans - 1)
  untilMs = math.max(untilMs, nowMs + math.min(lengthMs, LONGEST_BLOCK_MS))
  redis.call('HSET', CIRCUIT, 'bannedMs', text(nowMs), 'bans', bans)
  redis.call('HDEL', CIRCUIT, 'rampSinceMs')
  openGate(CIRCUIT, untilMs, 'banned', bans)
  return untilMs - nowMs
end

local function unprobe()
  for _, key in ipairs({ STATE, CIRCUIT }) do
    if isProbe(key) then
      redis.call('HDEL', key, 'probe', 'probeUntilMs')
    end
  end
end

local heldMs = 0
if ending == 'answered' then
  heedRemaining()
  free(restMs)
  heedAnswer()
elseif ending == 'rate-limited' then
  free(restMs)
  heedAnswer()
  heldMs = heedRateLimit()
elseif ending == 'banned' then
  free(restMs)
  heldMs = heedBan()
  unprobe()
elseif ending == 'failed' then
  free(windowMs + lateMs)
  heldMs = heedFailure()
elseif ending == 'timed-out' then
  -- Its connection was reset just now.
  free(windowMs + lateMs)
  heldMs = heedFailure()
elseif ending == 'left' then
  lease()
  unprobe()
else
  redis.call('ZREM', SLOTS, token)
  redis.call('ZREM', SENT, token)
  unprobe()
end
keep()
return text(heldMs)
