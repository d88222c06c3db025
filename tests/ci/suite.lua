--- Simulated runs for the tests of this folder: some pass, one fails, one is skipped.
---
--- Used as `local suite <const>, process <const> = dofile(…/tests/ci/suite.lua)(program, source)`.

return function(program, source)
  local process <const> = dofile(source .. "/tests/support/process.lua")
  local suite <const> = { folder = process.folder() }

  suite.red = process.write(suite.folder .. "/red.lua", [[
local ds <const> = require "ds"
return ds.scenario {
  topology = "voip_only",

  run = function(net)
    local caller <close> = net.alice:dial(net.bob)
    local callee <close> = net.bob:await_call()
    callee:busy()
    caller:wait("failed")
  end,

  expect = function(wire)
    wire:call():refused(603)
  end,
}
]])
  suite.needy = process.write(suite.folder .. "/needy.lua", [[
local ds <const> = require "ds"
return ds.scenario { topology = "voip_only", run = function() ds.program { "true" } end }
]])

  --- Runs directsip where the test's own files are; `before` is put before the command.
  function suite.directsip(before, verb, ...)
    return process.run(("cd %s && %s %s %s --root %s %s"):format(process.quote(suite.folder), before,
      process.quote(program), verb, process.quote(source), process.words(...)))
  end

  function suite.read(name)
    return process.read(suite.folder .. "/" .. name)
  end

  return suite, process
end
