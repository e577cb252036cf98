--[[
Gives a lease back, so that another may take it at once.

Promise: only the term that holds it may; the token stays, so that the next one is larger.

KEYS[1]  see lease.lua
ARGV[1]  who gives it back    ARGV[2]  its token

Reply: 1 when given back, 0 when it was not held any more
--]]
local lease = readLease()
if lease.holder ~= ARGV[1] or whole(lease.token) ~= ARGV[2] then return 0 end
redis.call('HDEL', LEASE, 'holder', 'until', 'ttl')
return 1
