--[[
take: grants one permit of a limit group, or says when to ask again.

Promise  In any window of W ms, as the exchange receives them, there are at most `limit` calls of the group.

Why      Every granted call holds one of `limit` slots. Let a call be granted at G, reach the exchange at A, and let its
         answer be back at R: G <= A <= R. Its slot is free again at F = R + W + margin, because release.lua runs at or
         after R. The next call in that slot is granted at G' >= F and reaches the exchange at A' >= G', so
             A' - A >= F - R = W + margin.
         The exchange's own stamps may each be late by anything up to `margin`, so its stamps are still W or more apart.
         Two calls in one half-open window of W ms therefore never share a slot, and there are `limit` slots. No clock
         but this server's is in the argument; G is rounded up where it blocks and down where it frees.
         Without an answer (a dead worker, a time-out) F is the lease's end: the request is given up at the latest
         W + margin before it, and nothing of a request arrives after it was given up.

KEYS[1]  slots: sorted set; member = permit token, score = the ms of this server's time at which its slot is free.
         One member more, "server:<run id>" with score +inf, names the server that kept the set: slots that were lost,
         or came from another server's copy, are recognised by its absence and start with zero credit.
KEYS[2]  pause: string "<until ms> <reason>"; absent when the group is not paused.
ARGV[1]  token of the permit
ARGV[2]  limit: number of slots
ARGV[3]  lease, ms
ARGV[4]  rest, ms: W + margin
Reply    0 = granted; n > 0 = limited, ask again after n ms
]]
local KEEP_MS = 86400000 -- an idle group's key leaves after a day; the next call then waits for one rest
local LONGEST_LEASE_MS = 60000

local slots, pause = KEYS[1], KEYS[2]
local token, limit, leaseMs, restMs = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])

local time = redis.call('TIME')
local nowMs = time[1] * 1000 + math.floor(time[2] / 1000)
local nextMs = nowMs + 1

redis.call('ZREMRANGEBYSCORE', slots, '-inf', nowMs)

local server = 'server:' .. string.match(redis.call('INFO', 'server'), 'run_id:(%w+)')
if not redis.call('ZSCORE', slots, server) then
  redis.call('ZREMRANGEBYSCORE', slots, '+inf', '+inf')
  redis.call('ZADD', slots, '+inf', server)
  for slot = 1, limit do
    redis.call('ZADD', slots, nextMs + restMs, 'lost:' .. slot)
  end
  redis.call('PEXPIRE', slots, KEEP_MS)
end

-- No honest score lies further ahead than the longest lease: the server's clock was set back. Without this cut the
-- slots would stay taken for as long as the clock went back.
local horizonMs = nextMs + LONGEST_LEASE_MS
for _, stray in ipairs(redis.call('ZRANGEBYSCORE', slots, '(' .. horizonMs, '(+inf')) do
  redis.call('ZADD', slots, horizonMs, stray)
end

local paused = redis.call('GET', pause)
if paused then
  local leftMs = tonumber(string.match(paused, '^%d+')) - nowMs
  if leftMs > 0 then
    return leftMs
  end
end

-- A take whose reply got lost is sent again by the connection with the same token: it already owns its slot.
if redis.call('ZSCORE', slots, token) or redis.call('ZCARD', slots) - 1 < limit then
  redis.call('ZADD', slots, nextMs + leaseMs, token)
  redis.call('PEXPIRE', slots, KEEP_MS)
  return 0
end

-- A slot whose answer is still out can be free no sooner than one rest from now, long before its lease ends.
local first = redis.call('ZRANGE', slots, 0, 0, 'WITHSCORES')
return math.max(1, math.min(tonumber(first[2]) - nowMs, restMs))
