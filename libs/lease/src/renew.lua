--[[
Prolongs a lease, counted from now.

Promise: only the term that holds it may; one that has run out is prolonged if nobody has taken it since.

KEYS[1]  see lease.lua
ARGV[1]  who asks    ARGV[2]  its token    ARGV[3]  for how long, whole ms    ARGV[4]  how long a free lease is remembered, whole ms

Reply: 1 when prolonged, 0 when the lease is another's or nobody's
--]]
local lease = readLease()
if lease.holder ~= ARGV[1] or whole(lease.token) ~= ARGV[2] then return 0 end
redis.call('HSET', LEASE, 'until', whole(now + tonumber(ARGV[3])), 'ttl', ARGV[3])
redis.call('PEXPIRE', LEASE, ARGV[4])
return 1
