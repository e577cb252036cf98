--[[
give-back: puts calls back that were taken and not made. What does not fit is lost.

KEYS[1]  see bucket.lua
ARGV[1]  see bucket.lua   ARGV[2]  calls, whole
Reply    1
]]
keep(math.min(capacity, filled() + tonumber(ARGV[2])))
return 1
