--[[
Tells who holds a lease.

KEYS[1]  see lease.lua

Reply: { holder, token }, or nothing while nobody holds it
--]]
local lease = readLease()
if lease.leftMs == 0 then return false end
return { lease.holder, whole(lease.token) }
