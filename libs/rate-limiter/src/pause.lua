--[[
pause: no permit of the group is granted for a while. The longer of two pauses wins.

KEYS[1]  pause: string "<until ms> <reason>"; expires when the pause ends
ARGV[1]  length, ms from now, at least 1
ARGV[2]  reason, for the person who reads the key
Reply    ms from now until which the group is paused
]]
local lengthMs = tonumber(ARGV[1])

local time = redis.call('TIME')
local nowMs = time[1] * 1000 + math.floor(time[2] / 1000)

local current = redis.call('GET', KEYS[1])
if current then
  local leftMs = tonumber(string.match(current, '^%d+')) - nowMs
  if leftMs >= lengthMs then
    return leftMs
  end
end

redis.call('SET', KEYS[1], string.format('%.0f %s', nowMs + lengthMs, ARGV[2]), 'PX', lengthMs)
return lengthMs
