--[[
Measures one series' window.

Promise: state and bytes are of one moment. What one lost key has left behind is measured too, for it takes memory; it
counts no rows.

KEYS[1]  rows     KEYS[2]  meta, see put-page.lua

Reply: { generation, version, bytes of both keys, rows, createdAt, updatedAt (epoch ms) }, or nothing without any key
--]]
local ROWS, META = KEYS[1], KEYS[2]
local bytes = 0
for _, key in ipairs(KEYS) do
  bytes = bytes + (redis.call('MEMORY', 'USAGE', key, 'SAMPLES', 0) or 0)
end
if bytes == 0 then return false end

local generation, version, createdAt, updatedAt =
  unpack(redis.call('HMGET', META, 'generation', 'version', 'createdAt', 'updatedAt'))
local isWhole = generation and redis.call('ZRANGE', ROWS, 0, 0)[1] == '#' .. generation
local rows = isWhole and redis.call('ZCARD', ROWS) - 1 or 0
return { generation or '', version or '0', bytes, rows, createdAt or '0', updatedAt or '0' }
