--[[
bucket: what the scripts of the preload budget share. It stands before each of them; alone it does nothing.

KEYS[1]  hash: left (calls that may still be made, with fractions), atMs (until when `left` is counted, epoch ms of this server's
         clock); leaves after a week in which nobody took
ARGV[1]  calls an hour by the policy of whoever asks, whole, more than 0: half of it is the most that is ever there, and the other half
         comes back in an hour, so an hour that begins with a full bucket sees the whole of it and no more
]]
local BUCKET = KEYS[1]
local HOUR_MS = 3600000
local KEEP_MS = 604800000
local FIRST_SHARE = 0.1
local MOST = 1e9
local LATEST_MS = 1e13

local comesPerHour = tonumber(ARGV[1]) / 2
-- Less than a whole call could never be taken. With one call an hour a full bucket and what comes are one and a half: one, in whole calls.
local capacity = math.max(1, comesPerHour)
local time = redis.call('TIME')
local nowMs = time[1] * 1000 + math.floor(time[2] / 1000)

-- Without memory (first use, deletion, a server that lost it) nobody knows what was spent in the last hour: a part is there at once,
-- the rest comes with time. A clock that was set back brings nothing for the time that it passes again, and none of it is owed; one
-- that leaps ahead brings at most a full bucket.
--
-- What is no count or instant was never written here and ends the script: the bucket is taken away, and begins without memory.
local function filled()
  local known = redis.call('HMGET', BUCKET, 'left', 'atMs')
  if not known[1] and not known[2] then
    return capacity * FIRST_SHARE
  end
  local left, atMs = tonumber(known[1] or nil), tonumber(known[2] or nil)
  if not left or not atMs or not (left >= 0 and left <= MOST) or not (atMs > nowMs - KEEP_MS and atMs < LATEST_MS) then
    error('left "' .. tostring(known[1]) .. '" at "' .. tostring(known[2]) .. '" is no budget: expected calls, and an instant in ms')
  end
  local passedMs = math.max(0, nowMs - atMs)
  return math.min(capacity, left + passedMs * comesPerHour / HOUR_MS)
end

-- Seventeen digits give the same number back.
local function keep(left)
  redis.call('HSET', BUCKET, 'left', string.format('%.17g', left), 'atMs', string.format('%.0f', nowMs))
  redis.call('PEXPIRE', BUCKET, KEEP_MS)
end
