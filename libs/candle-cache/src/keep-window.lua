--[[
Says how many rows one series' window is to keep.

Promise: rows, coverage and head stay as they are: the next put of finals trims, or has more room. A window that is absent stays
absent: there is a meta without a generation then, and whoever starts the window takes its `keep` over (put-page.lua).

KEYS[1]  meta, see put-page.lua
ARGV[1]  rows to keep, or '' for the default
ARGV[2]  until when that holds, epoch ms by this server's clock; the default follows
ARGV[3]  how long the meta of an absent window lives, whole ms

Reply: nothing
--]]
local META = KEYS[1]
if ARGV[1] == '' then
  redis.call('HDEL', META, 'keep')
  return false
end
redis.call('HSET', META, 'keep', ARGV[1] .. ' ' .. ARGV[2])
if redis.call('HEXISTS', META, 'generation') == 0 then redis.call('PEXPIRE', META, ARGV[3]) end
return false
