--[[
take: takes calls out of the budget, all of them or none.

Promise  Never leaves less than the reserve, and in any span of time no more is taken, beyond what was given back in it, than the
         bucket holds and what that span brings: in an hour ARGV[1].

KEYS[1]  see bucket.lua
ARGV[1]  see bucket.lua   ARGV[2]  calls, whole   ARGV[3]  share of a full bucket that must stay, 0 to 1
Reply    1 when taken, else 0
]]
local left = filled()
local rest = left - tonumber(ARGV[2])
local isEnough = rest >= tonumber(ARGV[3]) * capacity
keep(isEnough and rest or left)
return isEnough and 1 or 0
