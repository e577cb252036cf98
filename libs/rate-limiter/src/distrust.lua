--[[
distrust: this server's clock has jumped forward, so slots were freed too soon. Nothing is granted until every call that can have
been under way has ended and rested; then one call alone shows whether the exchange answers.

Reply    ms for which nothing is granted
]]
takeAllSlots(leaseMs)
openGate(STATE, nowMs + leaseMs, 'clock-jumped', 0)
keep()
return text(leaseMs)
