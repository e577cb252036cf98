--[[
renew: the calls of these permits are still under way.

Promise  A server that has lost its memory learns of every call under way before it grants the next one: holders renew several
         times within the rest for which nothing is granted then.

ARGV[5…] tokens
Reply    1
]]
for index = 5, #ARGV do
  redis.call('ZADD', SLOTS, 'GT', text(nowMs + leaseMs), ARGV[index])
end
keep()
return 1
