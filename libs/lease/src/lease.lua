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

local LATEST_MS = 1e13 -- the year 2286; tokens begin at the server's time, too
local LONGEST_TTL_MS = 3600000

-- What was never written here ends the script: the lease is taken away then, and is free. A token that is too large to be one more
-- than would stay so for ever, in whatever has seen it.
local function read(name, kept, most)
  local number = tonumber(kept)
  if not number or not (number >= 0 and number < most) or math.floor(number) ~= number then
    error('"' .. name .. '" of ' .. LEASE .. ' is "' .. tostring(kept) .. '": expected a whole number below ' .. whole(most))
  end
  return number
end

-- The lease as it stands. One that would last longer than it was given for was given before the clock was set back: it is counted
-- from now on, or a holder that died would hold it for as long as the clock was set back.
local function readLease()
  local kept, holder, untilMs, givenFor = unpack(redis.call('HMGET', LEASE, 'token', 'holder', 'until', 'ttl'))
  local token = read('token', kept or '0', LATEST_MS)
  if not holder then return { token = token, leftMs = 0 } end
  local leftMs, ttl = read('until', untilMs, LATEST_MS) - now, read('ttl', givenFor, LONGEST_TTL_MS)
  if leftMs > ttl then
    leftMs = ttl
    redis.call('HSET', LEASE, 'until', whole(now + leftMs))
  end
  return { token = token, holder = holder, leftMs = math.max(0, leftMs) }
end
