--[[
What the scripts of a lease share; it is put before each of them.

KEYS[1]  hash of token (the largest ever given), holder, until (epoch ms by this server's clock), ttl (whole ms); without
         holder, until and ttl the lease is free
--]]
local LEASE = KEYS[1]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local function whole(number)
  return string.format('%.0f', number)
end

-- The lease as it stands. One that would last longer than it was given for was given before the clock was set back: it is counted
-- from now on, or a holder that died would hold it for as long as the clock was set back.
local function readLease()
  local token, holder, untilMs, ttl = unpack(redis.call('HMGET', LEASE, 'token', 'holder', 'until', 'ttl'))
  if not holder then return { token = tonumber(token or '0'), leftMs = 0 } end
  local leftMs = tonumber(untilMs) - now
  if leftMs > tonumber(ttl) then
    leftMs = tonumber(ttl)
    redis.call('HSET', LEASE, 'until', whole(now + leftMs))
  end
  return { token = tonumber(token), holder = holder, leftMs = math.max(0, leftMs) }
end
