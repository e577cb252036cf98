--[[
add-notes: writes down what a gateway was asked, and keeps the newest of all gateways' notes.

An entry's id is <ms>-<number>: the number counts every entry since the stream was made, so two ids tell how many entries lie between
them, also when those are gone. The ms never goes back, as stream ids must not, so after the server's clock was set back it stands
still for a while; the entry's own instant is right all the same.

KEYS[1]  notes    stream: question, times, at (epoch ms of this server), by (who wrote it), no (its running number there)
ARGV[1]  most entries that are kept      ARGV[2] TTL of the stream, ms
ARGV[3]  who writes                      ARGV[4] running number of the first note
ARGV[5…] of each note: its age in ms, how often it was asked, the question

Reply    id of the last entry
]]
local NOTES = KEYS[1]
local by, no = ARGV[3], tonumber(ARGV[4])

local function whole(number)
  return string.format('%.0f', number)
end

-- Ids from there on cannot be counted up exactly: no note of ours has one.
local LATEST_MS, MOST_NUMBER = 1e13, 1e15

local function lastId()
  if redis.call('EXISTS', NOTES) == 0 then return 0, 0 end
  local info = redis.call('XINFO', 'STREAM', NOTES)
  for i = 1, #info, 2 do
    if info[i] == 'last-generated-id' then
      local ms, number = string.match(info[i + 1], '^(%d+)-(%d+)$')
      if tonumber(ms) >= LATEST_MS or tonumber(number) >= MOST_NUMBER then
        error('the last id of ' .. NOTES .. ' is ' .. info[i + 1] .. ': expected one of this age')
      end
      return tonumber(ms), tonumber(number)
    end
  end
end

local time = redis.call('TIME')
local nowMs = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local idMs, number = lastId()
idMs = math.max(idMs, nowMs)

local id
for i = 5, #ARGV, 3 do
  local at, times, question = nowMs - tonumber(ARGV[i]), ARGV[i + 1], ARGV[i + 2]
  number = number + 1
  id = whole(idMs) .. '-' .. whole(number)
  redis.call('XADD', NOTES, id, 'question', question, 'times', times, 'at', whole(at), 'by', by, 'no', whole(no))
  no = no + 1
end
redis.call('XTRIM', NOTES, 'MAXLEN', '=', ARGV[1])
redis.call('PEXPIRE', NOTES, ARGV[2])
return id
