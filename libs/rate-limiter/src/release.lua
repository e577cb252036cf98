--[[
release: the call of a permit has been received, or will never be; its slot rests, then it is free.

Promise  The slot is free one rest after this script, not sooner. Also when the lease has ended or the set was lost in
         between: the permit is put back, because the exchange has seen its call. More than `limit` members are then
         possible for a while; they only make take.lua more careful. Running it twice lengthens the rest.

KEYS[1]  slots, see take.lua
ARGV[1]  token of the permit
ARGV[2]  rest, ms: window + margin
Reply    1
]]
local KEEP_MS = 86400000 -- as in take.lua

local time = redis.call('TIME')
local nextMs = time[1] * 1000 + math.floor(time[2] / 1000) + 1

redis.call('ZADD', KEYS[1], nextMs + tonumber(ARGV[2]), ARGV[1])
redis.call('PEXPIRE', KEYS[1], KEEP_MS)
return 1
