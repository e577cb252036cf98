--[[
want: says how long and how urgently a fetch is wanted, before its job is added.

Promise  The record holds the latest deadline of all who want the fetch, and the most urgent rank of those whose deadlines
         were still ahead. Where the fetch has no job yet and the queue has no room for one, nothing changes. Running it
         twice changes nothing.

KEYS[1]  record: hash of untilMs (epoch ms, this server's clock) and rank (0 = most urgent); expires KEEP_MS after untilMs
KEYS[2]  BullMQ's deduplication key of the fetch: exists while a job of it waits or runs
KEYS[3]  BullMQ's list of waiting jobs
KEYS[4]  BullMQ's sorted set of waiting jobs that have a priority
ARGV[1]  for how long the fetch is wanted, ms from now, whole
ARGV[2]  rank
ARGV[3]  how many jobs may wait when a new one is let in
ARGV[4]  longest time that anybody waits, ms
Reply    { isFull (1 or 0), untilMs, leftMs, rank }
]]
local KEEP_MS = 60000 -- a job that waits longer than this beyond its deadline has lost its place anyway

local record, job, waiting, prioritized = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local waitMs, rank, room, longestMs = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])

if redis.call('EXISTS', job) == 0
  and redis.call('LLEN', waiting) + redis.call('ZCARD', prioritized) >= room then
  return { 1, 0, 0, rank }
end

local time = redis.call('TIME')
local nowMs = time[1] * 1000 + math.floor(time[2] / 1000)
local untilMs = nowMs + waitMs

local known = redis.call('HMGET', record, 'untilMs', 'rank')
if known[1] then
  local knownUntilMs, knownRank = tonumber(known[1]), tonumber(known[2])
  if knownUntilMs > nowMs then
    rank = math.min(rank, knownRank)
    -- Further ahead than anybody waits: the server's clock was set back.
    untilMs = math.max(untilMs, math.min(knownUntilMs, nowMs + longestMs))
  end
end

redis.call('HSET', record, 'untilMs', string.format('%.0f', untilMs), 'rank', rank)
redis.call('PEXPIREAT', record, string.format('%.0f', untilMs + KEEP_MS))
return { 0, untilMs, untilMs - nowMs, rank }
