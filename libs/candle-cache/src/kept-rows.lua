--[[
How many rows a window keeps. Stands before the scripts that ask.

`keep` of a window's meta is "<rows> <until when, epoch ms>", see keep-window.lua. Without it, or when it has ended: the default.
--]]
local function rowsToKeep(keep, default, nowMs)
  local rows, untilMs = string.match(keep or '', '^(%d+) (%d+)$')
  if rows and nowMs < tonumber(untilMs) then return tonumber(rows) end
  return default
end
