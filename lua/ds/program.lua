--- A program that a scenario started, such as SIPp, seen from Lua.

local core <const> = require "ds.core"
local ds <const> = require "ds"
local scheduler <const> = require "ds.scheduler"

local program <const> = {}

---@class ds.Program
local Program <const> = {}
Program.__index = Program

--- Nothing on the network tells the loop that a program has ended, so it is asked this often.
local ask_every_us <const> = 10 * ds.ms

--- The exit status once it has ended, nil while it runs. A signal counts as 128 and its number.
function Program:exited() return self.core:exited() end

--- Waits until it has ended, and gives back its exit status.
function Program:wait(within_us)
  within_us = within_us or 5 * ds.s
  local deadline <const> = core.now() + within_us
  local function ended() return self.core:exited() end
  while not scheduler.wait(ended, math.min(ask_every_us, math.max(deadline - core.now(), 0))) do
    if core.now() >= deadline then
      error(("%s did not end in %s"):format(self.name, ds.duration(within_us)), 2)
    end
  end
  return self.core:exited()
end

--- Ends it at once. One that has ended is left as it is.
function Program:stop() self.core:stop() end

Program.__close = Program.stop

--- Starts it; nil and a sentence where it cannot be started.
function program.start(argv)
  local core_program <const>, missing = core.program(argv)
  if not core_program then
    return nil, missing
  end
  return setmetatable({ core = core_program, name = argv[1] }, Program)
end

return program
