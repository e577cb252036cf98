--[[
Takes rows that were answered already off both windows of a key.

Promise: at once for all gateways. Rows beyond the minute keep it closed for as long as they take at its even pace, whoever brings
them and however many times, and never longer than ARGV[5]. No counter grows beyond what counts as one.

KEYS[1]  counter of the minute
KEYS[2]  counter of the burst
ARGV[1]  rows that were answered
ARGV[2]  rows of the minute
ARGV[3]  the minute, ms
ARGV[4]  the burst, ms
ARGV[5]  the longest that a minute may be closed, ms
ARGV[6]  the most that a counter may say
Reply: when the minute begins anew, ms from now
]]
local rows, allowed, minute = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local longest, most = tonumber(ARGV[5]), tonumber(ARGV[6])

local function standing(key, window)
  local left = redis.call('PTTL', key)
  if left <= 0 then return 0, window end
  return tonumber(redis.call('GET', key)), left
end

local function write(key, count, left)
  redis.call('SET', key, string.format('%.0f', math.min(count, most)), 'PX', string.format('%.0f', left))
end

local before, left = standing(KEYS[1], minute)
local beyond = math.max(before + rows, allowed) - math.max(before, allowed)
local closed = math.min(longest, math.ceil(left + beyond * minute / allowed))
write(KEYS[1], before + rows, math.max(left, closed))

local burst, burst_left = standing(KEYS[2], tonumber(ARGV[4]))
write(KEYS[2], burst + rows, burst_left)

return math.max(left, closed)
