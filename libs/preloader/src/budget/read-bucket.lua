--[[
read-bucket: how many calls may still be made. Changes nothing.

KEYS[1]  see bucket.lua
ARGV[1]  see bucket.lua
Reply    calls with fractions, as text
]]
return string.format('%.17g', filled())
