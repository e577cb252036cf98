--[[
take: grants a permit of a limit group, or says when to ask again.

Promise  In any window of W ms, as the exchange receives them, there are at most `limit` calls of the group. Of those who wait,
         in all processes, the most urgent goes first, then who has waited longest; every TRICKLEth permit goes to who has
         waited longest of all that are less urgent. Only rank 0 may use several slots at once: the others are spaced, so that
         there is always a slot that is free soon for whoever is more urgent.

Why      Every call holds one of `limit` slots. Let a call be sent at S at the earliest, be counted by the exchange at A, and let its
         answer be back at R. S <= A <= R, because the exchange counts before it answers. The slot is free again at
         F = R + W + margin: release.lua runs at or after R. The next call in that slot is sent at S' >= F and counted at A' >= S', so
             A' - A >= F - R = W + margin.
         Two calls in one half-open window of W ms therefore never share a slot, and there are `limit` slots: at the time for which a
         permit is granted fewer than `limit` ends lie ahead, and an end that is set later only moves further ahead. No clock but this
         server's is in the argument, and of it only the speed: the margin is for that.
         Without an answer (a dead worker, a time-out) F is the lease's end: the connection was reset at the latest
         W + `lateMs` before it, nothing arrives after that, and what arrived is counted within `lateMs`.
         A permit is granted up to HORIZON ms before its slot is free, together with the time to wait: so the way of this reply costs
         no budget. The taker counts that time from the arrival of the reply, which is later than now.

ARGV[5]  token of the permit, and of the place in the waiting room
ARGV[6]  rank, 0 = most urgent
ARGV[7]  ms that the taker has waited already
ARGV[8]  ms that the taker has left; -1 = without end
ARGV[9]  calls that any minute may hold for this rank; 0 = any
ARGV[10] the same for any hour
Reply    { now, outcome, ms, reason }; outcome 'granted': send after ms; 'waiting': ask again after ms;
         'denied': not before ms, which is too late
]]
local HORIZON_MS = 25
local TRICKLE = 20
local SPACING = 0.95
local GRACE_MS = 300
local PROBE_POLL_MS = 50
local FOLLOWER_POLL_MS = 5
local MINUTE_MS, HOUR_MS = 60000, 3600000
local token, rank, waitedMs, leftMs = ARGV[5], tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8])
local perMinute, perHour = tonumber(ARGV[9]), tonumber(ARGV[10])

local function reply(outcome, ms, reason)
  keep()
  return { text(nowMs), outcome, text(math.max(0, ms)), reason or '' }
end

local function leaveRoom()
  redis.call('ZREM', WAITING, token)
  redis.call('ZREM', PATIENCE, token)
end

-- Who is not first asks less often: it is waiting for those before it to take theirs.
local function stay(ms, before, reason)
  local askMs = math.max(before == 0 and 1 or FOLLOWER_POLL_MS, math.min(ms, restMs))
  redis.call('ZADD', PATIENCE, text(nowMs + askMs + GRACE_MS), token)
  return reply('waiting', askMs, reason)
end

local function enterRoom()
  local place = scoreOf(WAITING, token)
  if not place or math.floor(place / RANK) ~= rank then
    redis.call('ZADD', WAITING, text(rank * RANK + nowMs - waitedMs), token)
  end
end

-- The one that goes next although others are more urgent: who has waited longest of the less urgent lanes.
local function findTrickle()
  if (field(STATE, 'passed') or 0) < TRICKLE - 1 then
    return nil
  end
  local first = redis.call('ZRANGE', WAITING, 0, 0, 'WITHSCORES')
  local top = math.floor(tonumber(first[2]) / RANK)
  local oldest, since
  for lane = top + 1, 15 do
    local bounds = { text(lane * RANK), '(' .. text((lane + 1) * RANK) }
    local found = redis.call('ZRANGEBYSCORE', WAITING, bounds[1], bounds[2], 'WITHSCORES', 'LIMIT', 0, 1)
    if found[1] then
      local arrivedMs = tonumber(found[2]) - lane * RANK
      if not since or arrivedMs < since then
        oldest, since = found[1], arrivedMs
      end
    end
  end
  return oldest
end

-- How many go before this ticket.
local function position()
  local before = redis.call('ZRANK', WAITING, token)
  local trickle = findTrickle()
  if not trickle then
    return before
  end
  if trickle == token then
    return 0
  end
  return before < redis.call('ZRANK', WAITING, trickle) and before + 1 or before
end

-- When a gate lets this taker's call pass, whether that call is its probe, and why the gate is not closed.
local function passGate(key)
  local untilMs = field(key, 'untilMs')
  if not untilMs then
    return 0, false
  end
  local reason = redis.call('HGET', key, 'reason')
  local probeUntilMs = field(key, 'probeUntilMs')
  local probe = redis.call('HGET', key, 'probe')
  if probe and probe ~= token and probeUntilMs > nowMs then
    return math.max(untilMs, nowMs) + PROBE_POLL_MS + HORIZON_MS, false, reason
  end
  return untilMs, true, reason
end

-- When so many of the last calls will have left a window.
local function capPass(cap, lengthMs)
  if cap == 0 then
    return 0
  end
  local since = text(nowMs - lengthMs)
  local used = redis.call('ZCOUNT', SENT, since, '+inf')
  if used < cap then
    return 0
  end
  local found = redis.call('ZRANGEBYSCORE', SENT, since, '+inf', 'WITHSCORES', 'LIMIT', used - cap, 1)
  return tonumber(found[2]) + lengthMs
end

local function notBefore()
  local circuitMs, isCircuitProbe, circuitReason = passGate(CIRCUIT)
  local breakerMs, isBreakerProbe, breakerReason = passGate(STATE)
  local passes = {
    { circuitReason, circuitMs },
    { breakerReason, breakerMs },
    { 'rate-limited', field(STATE, 'pauseUntilMs') or 0 },
    { 'capped', math.max(capPass(perMinute, MINUTE_MS), capPass(perHour, HOUR_MS)) },
  }
  local atMs, reason = 0, 'busy'
  for _, pass in ipairs(passes) do
    if pass[2] > atMs and pass[2] > nowMs then
      reason, atMs = pass[1], pass[2]
    end
  end
  return atMs, reason, isCircuitProbe, isBreakerProbe
end

-- When there is a slot for the one whom `before` others precede.
local function slotAt(allowed, before)
  local scores = redis.call('ZRANGEBYSCORE', SLOTS, '(' .. text(nowMs), '(+inf', 'WITHSCORES')
  local taken = #scores / 2
  local index = taken - allowed + before
  if index < 0 then
    return nowMs
  end
  if index >= taken then
    return nowMs + restMs
  end
  return tonumber(scores[2 * index + 2])
end

local function spacedAt(allowed)
  local spacedMs = field(STATE, 'spacedMs')
  if rank == 0 or not spacedMs or spacedMs > nowMs + leaseMs then
    return 0
  end
  return spacedMs + SPACING * restMs / allowed
end

-- Counts how often in a row the less urgent were passed over.
local function countPassed(trickle)
  local isPassed = redis.call('ZCOUNT', WAITING, text((rank + 1) * RANK), '+inf') > 0
  if trickle == token or not isPassed then
    redis.call('HDEL', STATE, 'passed')
  else
    redis.call('HINCRBY', STATE, 'passed', 1)
  end
end

local function probeWith(key, atMs)
  redis.call('HSET', key, 'probe', token, 'probeUntilMs', text(atMs + leaseMs))
end

local function grant(atMs, isCircuitProbe, isBreakerProbe)
  countPassed(findTrickle())
  leaveRoom()
  redis.call('ZADD', SLOTS, text(atMs + leaseMs), token)
  redis.call('ZADD', SENT, text(atMs), token)
  redis.call('ZREMRANGEBYSCORE', SENT, '-inf', text(nowMs - HOUR_MS - restMs))
  redis.call('HSET', STATE, 'spacedMs', text(math.max(atMs, field(STATE, 'spacedMs') or 0)))
  if isCircuitProbe then
    probeWith(CIRCUIT, atMs)
  end
  if isBreakerProbe then
    probeWith(STATE, atMs)
  end
  return reply('granted', atMs - nowMs)
end

remember()
tidy()

-- A take whose reply got lost is sent again by the connection with the same token: it already owns its slot.
local sentMs = scoreOf(SENT, token)
if sentMs and redis.call('ZSCORE', SLOTS, token) then
  return reply('granted', sentMs - nowMs)
end

enterRoom()
local before = position()
local allowed = allowedNow()
local passMs, reason, isCircuitProbe, isBreakerProbe = notBefore()
local slotMs = slotAt(allowed, before)
if (isCircuitProbe or isBreakerProbe) and before > 0 then
  -- The first one's call is the probe; the others look again when it may have been answered.
  slotMs = math.max(nowMs, passMs) + PROBE_POLL_MS + HORIZON_MS + before
end
local atMs = math.max(nowMs, passMs, slotMs, spacedAt(allowed))

if atMs <= nowMs + (before == 0 and HORIZON_MS or 0) then
  return grant(atMs, isCircuitProbe, isBreakerProbe)
end
-- A slot whose answer is still out can be free one rest from now, long before its lease ends.
local soonestMs = math.max(passMs, math.min(atMs, nowMs + restMs))
if leftMs >= 0 and soonestMs > nowMs + leftMs then
  leaveRoom()
  return reply('denied', soonestMs - nowMs, reason)
end
if reason == 'capped' then
  -- Who may not go does not stand in the way of those who may; what it has waited is not forgotten.
  leaveRoom()
  return reply('waiting', math.max(1, soonestMs - nowMs), reason)
end
return stay(soonestMs - HORIZON_MS - nowMs, before, reason)
