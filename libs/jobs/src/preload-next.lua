--[[
preload-next: whether the next job of a scheduler is there, whole and in line.

Promise  A job that is not, and that no worker holds, leaves no trace: its scheduler can be given the same one anew. BullMQ makes a
         scheduler's next job when a worker takes the one before it, so a scheduler whose next job is gone would rest for ever.
         Running it twice changes nothing.

KEYS[1]  the job's hash
KEYS[2]  delayed  KEYS[3] prioritized  KEYS[4] failed: BullMQ's sorted sets of the queue
KEYS[5]  wait  KEYS[6] active  KEYS[7] paused: BullMQ's lists of the queue
ARGV[1]  the job's id
Reply    1 when the job waits or runs, else 0
]]
local job, id = KEYS[1], ARGV[1]

if redis.call('LPOS', KEYS[6], id) then
  return 1
end

-- Without its data the job would fail, and its scheduler would never be told that it had been taken.
if redis.call('HEXISTS', job, 'rjk') == 1 then
  if redis.call('ZSCORE', KEYS[2], id) or redis.call('ZSCORE', KEYS[3], id) then
    return 1
  end
  if redis.call('LPOS', KEYS[5], id) or redis.call('LPOS', KEYS[7], id) then
    return 1
  end
end

for place = 2, 4 do
  redis.call('ZREM', KEYS[place], id)
end
redis.call('LREM', KEYS[5], 0, id)
redis.call('LREM', KEYS[7], 0, id)
redis.call('DEL', job)
return 0
