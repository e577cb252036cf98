--[[
group: what the limiter's scripts share. It stands before each of them; alone it does nothing.

KEYS[1]  slots     sorted set: permit token -> ms at which its slot is free again. Beside tokens: "lost:<n>" and "foreign:<n>" hold
                   a slot for calls that are not known one by one. "server:<run id>", score +inf, names the server that kept it all.
KEYS[2]  sent      sorted set: permit token -> ms at which its call was sent, for the caps and for what the exchange counts
KEYS[3]  waiting   sorted set: ticket -> rank * RANK + ms of arrival, so the most urgent and longest waiting comes first
KEYS[4]  patience  sorted set: ticket -> ms until which its owner is expected to ask again
KEYS[5]  state     hash: server, spacedMs, passed; slots, slotsSinceMs (fewer slots after a 429); pauseUntilMs;
                   failures; the gate of the breaker; and, for whoever reads the budget, the policy of the takers
KEYS[6]  circuit   hash: server, bans, bannedMs, rampSinceMs; and the gate of the circuit, for all groups of the egress
A gate: openedMs, untilMs, reason, strikes, probe, probeUntilMs. Without untilMs it is closed, before untilMs open, after it half-open.
ARGV[1]  limit  ARGV[2] window, ms  ARGV[3] margin, ms  ARGV[4] lease, ms   (ARGV[5…] are the command's own)

All instants are ms of this server's time, with fractions.
]]
local SLOTS, SENT, WAITING, PATIENCE, STATE, CIRCUIT = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6]
local RANK, RANKS = 1e13, 16
local KEEP_MS = 86400000 -- an idle group's keys leave after a day
local LONGEST_LEASE_MS = 60000
local LONGEST_PATIENCE_MS = 5000
local LONGEST_BLOCK_MS = 86400000
local KEEP_CIRCUIT_MS = 172800000 -- longer than the longest block
local RAMP_MS = 10000
local STEP_MS = 5000
local KEEP_ENDED_MS = 10000

local limit, windowMs = tonumber(ARGV[1]), tonumber(ARGV[2])
local restMs, leaseMs = windowMs + tonumber(ARGV[3]), tonumber(ARGV[4])

local time = redis.call('TIME')
local nowMs = time[1] * 1000 + time[2] / 1000

local function text(ms)
  return string.format('%.3f', ms)
end

-- Fields hold whole counts and instants. What is none of these was never written here: it ends the script, all keys are taken away,
-- and the group begins as one without memory does. A field that were taken for absent could open a gate.
local function field(key, name)
  local kept = redis.call('HGET', key, name)
  if not kept then
    return nil
  end
  local number = tonumber(kept)
  if not number or not (number >= 0 and number < RANK) then
    error('"' .. name .. '" of ' .. key .. ' is "' .. kept .. '": expected a count, or an instant in ms')
  end
  return number
end

local function scoreOf(key, member)
  return tonumber(redis.call('ZSCORE', key, member) or nil)
end

-- No score of an honest clock lies further ahead than `mostMs`: this server's clock was set back. Cut, so that nothing
-- stays taken for as long as the clock went back.
local function cut(key, mostMs)
  local horizon = text(nowMs + mostMs)
  for _, stray in ipairs(redis.call('ZRANGEBYSCORE', key, '(' .. horizon, '(+inf')) do
    redis.call('ZADD', key, horizon, stray)
  end
end

local function openGate(key, untilMs, reason, strikes)
  redis.call('HSET', key, 'untilMs', text(untilMs), 'reason', reason, 'strikes', strikes, 'openedMs', text(nowMs))
  redis.call('HDEL', key, 'probe', 'probeUntilMs')
end

local function closeGate(key)
  redis.call('HDEL', key, 'untilMs', 'reason', 'strikes', 'probe', 'probeUntilMs', 'failures')
end

-- All slots are taken for so long, whatever else is known.
local function takeAllSlots(ms)
  for slot = 1, limit do
    redis.call('ZADD', SLOTS, 'GT', text(nowMs + ms), 'lost:' .. slot)
  end
end

-- What was kept can be gone (first use, deletion, eviction) or be another server's copy (restart, failover), which may lack the
-- last calls and the last block. Then: no credit for one rest, and one call alone shows whether the exchange answers. Calls under
-- way come back by their renewal or their end.
local function remember()
  local server = 'server:' .. string.match(redis.call('INFO', 'server'), 'run_id:(%w+)')
  -- Whatever else stands beside the server's name would count as no slot.
  local isAlone = redis.call('ZCOUNT', SLOTS, '+inf', '+inf') == 1
  if not isAlone or scoreOf(SLOTS, server) ~= math.huge or redis.call('HGET', STATE, 'server') ~= server then
    redis.call('ZREMRANGEBYSCORE', SLOTS, '+inf', '+inf')
    redis.call('ZADD', SLOTS, '+inf', server)
    redis.call('HSET', STATE, 'server', server)
    takeAllSlots(restMs)
    openGate(STATE, math.max(field(STATE, 'untilMs') or 0, nowMs + restMs), 'memory-lost', field(STATE, 'strikes') or 0)
  end
  if redis.call('HGET', CIRCUIT, 'server') ~= server then
    redis.call('HSET', CIRCUIT, 'server', server)
    local untilMs = field(CIRCUIT, 'untilMs')
    if not untilMs or untilMs < nowMs + restMs then
      local reason = untilMs and redis.call('HGET', CIRCUIT, 'reason') or 'memory-lost'
      openGate(CIRCUIT, nowMs + restMs, reason, field(CIRCUIT, 'strikes') or 0)
    end
  end
end

local function cutFields(key, mostMs, names)
  for _, name in ipairs(names) do
    if (field(key, name) or 0) > nowMs + mostMs then
      redis.call('HSET', key, name, text(nowMs + mostMs))
    end
  end
end

-- Everyone in the room is there with a rank and a patience. A place without them would stand before the others for ever.
local function tidyRoom()
  redis.call('ZREMRANGEBYSCORE', WAITING, '-inf', '(0')
  redis.call('ZREMRANGEBYSCORE', WAITING, text(RANKS * RANK), '+inf')
  redis.call('ZREMRANGEBYSCORE', PATIENCE, '+inf', '+inf')
  for _, ticket in ipairs(redis.call('ZRANGEBYSCORE', PATIENCE, '-inf', text(nowMs))) do
    redis.call('ZREM', WAITING, ticket)
    redis.call('ZREM', PATIENCE, ticket)
  end
  -- Then nobody knows who in the room is alive. The living enter again, with the time that they have waited.
  if redis.call('ZCARD', WAITING) > redis.call('ZCARD', PATIENCE) then
    redis.call('DEL', WAITING)
  end
end

local function tidy()
  redis.call('ZREMRANGEBYSCORE', SLOTS, '-inf', text(nowMs - KEEP_ENDED_MS))
  cut(SLOTS, LONGEST_LEASE_MS)
  cut(SENT, LONGEST_LEASE_MS)
  cut(PATIENCE, LONGEST_PATIENCE_MS)
  cutFields(STATE, LONGEST_LEASE_MS, { 'pauseUntilMs', 'slotsSinceMs', 'untilMs', 'probeUntilMs' })
  cutFields(CIRCUIT, LONGEST_LEASE_MS, { 'rampSinceMs', 'probeUntilMs' })
  local isBlocked = redis.call('HGET', CIRCUIT, 'reason') == 'banned'
  cutFields(CIRCUIT, isBlocked and LONGEST_BLOCK_MS or LONGEST_LEASE_MS, { 'untilMs' })
  tidyRoom()
end

local function keep()
  for _, key in ipairs({ SLOTS, SENT, WAITING, PATIENCE, STATE }) do
    redis.call('PEXPIRE', key, KEEP_MS)
  end
  redis.call('PEXPIRE', CIRCUIT, KEEP_CIRCUIT_MS)
end

-- Slots that may be used now: fewer after a 429, one more each step; and a ramp from one after a block.
local function allowedNow()
  local allowed = limit
  local slots = field(STATE, 'slots')
  if slots then
    local steps = math.max(0, math.floor((nowMs - field(STATE, 'slotsSinceMs')) / STEP_MS))
    allowed = math.min(allowed, slots + steps)
    if slots + steps >= limit then
      redis.call('HDEL', STATE, 'slots', 'slotsSinceMs')
    end
  end
  local rampSinceMs = field(CIRCUIT, 'rampSinceMs')
  if rampSinceMs then
    local share = math.max(0, nowMs - rampSinceMs) / RAMP_MS
    allowed = math.min(allowed, 1 + math.floor((limit - 1) * share))
    if share >= 1 then
      redis.call('HDEL', CIRCUIT, 'rampSinceMs')
    end
  end
  return allowed
end
