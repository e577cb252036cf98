--[[
Reads one series' window in one step.

Promise: rows, coverage and head are of one moment; a window of which one key was evicted, expired or deleted reads as
absent, never as "no trades" (its sorted set and its hash carry the same generation, see put-page.lua).

KEYS[1]  rows: sorted set, score = open (epoch ms), member = encoded row; score -1 holds "#<generation>"
KEYS[2]  meta: hash of generation, coverage, revision, headFrom, headSeenAt, headRows
ARGV[1]  exclusive upper bound on the open, epoch ms
ARGV[2]  most rows to return
ARGV[3]  most rows that the window keeps

Reply: { now (epoch ms, this server's clock), coverage ("from:until,…" ms, '' when absent), headFrom, headSeenAt,
         headRows (joined by newlines) — three empty strings without a head —, rows (newest first),
         oldest open that a full window keeps, 0 while it is not full }
--]]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local generation, coverage, headFrom, headSeenAt, headRows =
  unpack(redis.call('HMGET', KEYS[2], 'generation', 'coverage', 'headFrom', 'headSeenAt', 'headRows'))
local sentinel = redis.call('ZRANGE', KEYS[1], 0, 0)[1]

if not generation or sentinel ~= '#' .. generation then
  return { now, '', '', '', '', {}, 0 }
end

local rows = redis.call('ZREVRANGEBYSCORE', KEYS[1], '(' .. ARGV[1], 0, 'LIMIT', 0, ARGV[2])
local keptFrom = 0
if redis.call('ZCARD', KEYS[1]) > tonumber(ARGV[3]) then
  keptFrom = tonumber(redis.call('ZRANGE', KEYS[1], 1, 1, 'WITHSCORES')[2])
end
return { now, coverage or '', headFrom or '', headSeenAt or '', headRows or '', rows, keptFrom }
