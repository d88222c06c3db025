--- Runs one suite of tests in plain Lua: lua5.4 tests/lua/run.lua FOLDER SUITE
--- FOLDER is the source tree, SUITE the name of a file beside this one. It names its tests in
--- sentences; the last line says how many held.

local root <const>, name <const> = arg[1], arg[2]

package.path = ("%s/lua/?.lua;%s/lua/?/init.lua;%s/tests/lua/?.lua"):format(root, root, root)
package.preload["ds.core"] = function() return require "fake_core" end

local support <const> = require "support"

support.root = root
require(name)

local passed, failed = 0, 0
for _, test in ipairs(support.tests) do
  local fine <const>, trouble = xpcall(test.body, debug.traceback)
  if fine then
    passed = passed + 1
  else
    failed = failed + 1
    print(("%s: %s\n  %s"):format(name, test.sentence, trouble))
  end
end

print(("%d passed, %d failed"):format(passed, failed))
os.exit(failed == 0 and passed > 0)
