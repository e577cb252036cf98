--[[
leave: who held this place in the waiting room does not wait any more.

ARGV[5]  token
Reply    1
]]
redis.call('ZREM', WAITING, ARGV[5])
redis.call('ZREM', PATIENCE, ARGV[5])
return 1
