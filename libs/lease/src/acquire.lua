--[[
Takes a lease that is free, or has run out, or is the asker's own.

Promise: at most one holder at a time, by this server's clock. Each time that it is taken the token is larger than every one
before, and larger than the floor; it is at least this server's time in ms, so that a server that lost its memory goes on above
the tokens that it has forgotten.

KEYS[1]  see lease.lua
ARGV[1]  who asks                          ARGV[2]  for how long, whole ms
ARGV[3]  a token that was seen elsewhere   ARGV[4]  how long a free lease is remembered, whole ms

Reply: { 1, token } when taken, { 0, ms until it runs out } when another holds it
--]]
local lease = readLease()
if lease.leftMs > 0 and lease.holder ~= ARGV[1] then return { 0, whole(lease.leftMs) } end

local token = math.max(lease.token + 1, tonumber(ARGV[3]) + 1, now)
redis.call('HSET', LEASE, 'token', whole(token), 'holder', ARGV[1], 'until', whole(now + tonumber(ARGV[2])), 'ttl', ARGV[2])
redis.call('PEXPIRE', LEASE, ARGV[4])
return { 1, whole(token) }
