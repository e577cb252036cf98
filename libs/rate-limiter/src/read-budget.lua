--[[
read-budget: what is known of a group at this moment.

Reply    { hash of the state, hash of the circuit, now, allowed, in flight, resting, held, foreign,
         used in a window, in a minute, in an hour, { waiting of rank 0, 1, ... 15 }, ms of a step and of a ramp }
]]
-- The policy is the takers'.
limit, windowMs = field(STATE, 'limit') or limit, field(STATE, 'windowMs') or windowMs
restMs = field(STATE, 'restMs') or restMs
local longestRestMs = math.max(restMs, windowMs + (field(STATE, 'lateMs') or 0))

local function ofLast(ms)
  return redis.call('ZCOUNT', SENT, text(nowMs - ms), text(nowMs))
end

local inFlight, resting, held, foreign = 0, 0, 0, 0
local slots = redis.call('ZRANGEBYSCORE', SLOTS, '(' .. text(nowMs), '(+inf', 'WITHSCORES')
for index = 1, #slots, 2 do
  if string.find(slots[index], '^foreign:') then
    foreign = foreign + 1
  elseif string.find(slots[index], '^lost:') then
    held = held + 1
  elseif tonumber(slots[index + 1]) > nowMs + longestRestMs then
    inFlight = inFlight + 1
  else
    resting = resting + 1
  end
end
local waiting = {}
for rank = 0, 15 do
  waiting[rank + 1] = redis.call('ZCOUNT', WAITING, text(rank * RANK), '(' .. text((rank + 1) * RANK))
end
return {
  redis.call('HGETALL', STATE), redis.call('HGETALL', CIRCUIT), text(nowMs), allowedNow(), inFlight, resting, held, foreign,
  ofLast(windowMs), ofLast(60000), ofLast(3600000), waiting, STEP_MS, RAMP_MS,
}
