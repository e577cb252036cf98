--[[
Reads which windows are wanted.

Promise: the wishes and the time are of one moment.

KEYS[1]  wanted, see account-windows.lua

Reply: { now (epoch ms, this server's clock), fields and values in turn }
--]]
local time = redis.call('TIME')
return { time[1] * 1000 + math.floor(time[2] / 1000), redis.call('HGETALL', KEYS[1]) }
