--[[
wake: a group without memory begins the rest that it needs before its first permit, now and not with the first taker. Takes the
policy down for whoever reads the budget.

ARGV[5]  the user's cap of a minute, ARGV[6] of an hour; 0 = none
ARGV[7]  how late the exchange may count a call that it did not answer, ms
Reply    { now, cap of a minute and of an hour as some taker has told before, '' when nobody has }
]]
remember()
local told = redis.call('HMGET', STATE, 'perMinute', 'perHour')
redis.call('HSET', STATE, 'limit', limit, 'windowMs', windowMs, 'restMs', restMs, 'lateMs', ARGV[7])
redis.call('HSET', STATE, 'perMinute', ARGV[5], 'perHour', ARGV[6])
keep()
return { text(nowMs), told[1] or '', told[2] or '' }
