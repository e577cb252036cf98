--[[
read-want: how long and how urgently a fetch is wanted, and what time it is for the server.

KEYS[1]  record, see want.lua
Reply    { now (epoch ms, this server's clock), untilMs, rank }; without a record untilMs is 0 and rank is -1
]]
local time = redis.call('TIME')
local nowMs = time[1] * 1000 + math.floor(time[2] / 1000)
local known = redis.call('HMGET', KEYS[1], 'untilMs', 'rank')
return { nowMs, tonumber(known[1] or 0), tonumber(known[2] or -1) }
