-- Keeps the last frame of each kind and market. A frame that is older than what is kept changes nothing, so it does not
-- matter in which order two leaders write.
-- KEYS: one hash per kind and market
-- ARGV[1]: how long each is kept, ms; then for each key two: the frame's own time, epoch ms, and its text
-- Reply: how many were taken
local taken = 0
for i, key in ipairs(KEYS) do
  local at = ARGV[2 * i]
  local known = redis.call('HGET', key, 'at')
  if not known or tonumber(known) <= tonumber(at) then
    redis.call('HSET', key, 'at', at, 'text', ARGV[2 * i + 1])
    redis.call('PEXPIRE', key, ARGV[1])
    taken = taken + 1
  end
end
return taken
