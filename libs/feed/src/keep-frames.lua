-- Keeps the last frame of each kind and market. A frame that is older than what is kept changes nothing, so it does not
-- matter in which order two leaders write. One of a time that has not come yet was never one: it would stand for a day.
-- KEYS: one hash per kind and market
-- ARGV[1]: how long each is kept, ms; then for each key two: the frame's own time, epoch ms, and its text
-- Reply: how many were taken
local AHEAD_MS, LATEST_MS = 60000, 1e13
local time = redis.call('TIME')
local nowMs = time[1] * 1000 + math.floor(time[2] / 1000)

local function isOlder(at, known)
  local knownAt = tonumber(known)
  if not knownAt or not (knownAt < LATEST_MS) then
    error('"at" of a kept frame is "' .. known .. '": expected an instant in ms')
  end
  return at < knownAt and knownAt <= nowMs + AHEAD_MS
end

local taken = 0
for i, key in ipairs(KEYS) do
  local at = ARGV[2 * i]
  local known = redis.call('HGET', key, 'at')
  if not known or not isOlder(tonumber(at), known) then
    redis.call('HSET', key, 'at', at, 'text', ARGV[2 * i + 1])
    redis.call('PEXPIRE', key, ARGV[1])
    taken = taken + 1
  end
end
return taken
