--- Runs programs for the tests that judge directsip from outside, and keeps the score.
---
--- Used as `local process <const> = dofile(…/tests/support/process.lua)`.

local process <const> = { checks = 0, failed = 0 }

--- The exit status by which CTest knows a test that could not be done.
local skipped <const> = 77

function process.quote(word)
  return "'" .. word:gsub("'", "'\\''") .. "'"
end

--- The words of a command, ready for the shell.
function process.words(...)
  local quoted <const> = {}
  for index, word in ipairs({ ... }) do
    quoted[index] = process.quote(word)
  end
  return table.concat(quoted, " ")
end

function process.read(path)
  local file <const> = io.open(path, "rb")
  if not file then
    return nil
  end
  local text <const> = file:read "a"
  file:close()
  return text
end

function process.write(path, text)
  local file <const> = assert(io.open(path, "wb"))
  assert(file:write(text))
  assert(file:close())
  return path
end

--- Runs a shell command, as if no CI system were around. Gives back its exit status (128 and the
--- number of the signal that ended it, as a shell says it) and all that it printed.
function process.run(command)
  local pipe <const> = assert(io.popen("exec 2>&1; unset GITHUB_ACTIONS; " .. command))
  local output <const> = pipe:read "a"
  local _, kind, number = pipe:close()
  return kind == "signal" and 128 + number or number, output
end

--- A folder of this test's own; process.finish() takes it away.
function process.folder()
  if not process.scratch then
    local status <const>, output <const> = process.run "mktemp -d"
    process.scratch = output:match "^(/[^\n]+)\n$"
    assert(status == 0 and process.scratch, output)
  end
  return process.scratch
end

local function clean_up()
  if process.scratch then
    process.run("rm -rf " .. process.quote(process.scratch))
  end
end

--- Ends the test as skipped where a program is not installed.
function process.need(program)
  if process.run("command -v " .. process.quote(program)) ~= 0 then
    process.skip(("%s is not installed"):format(program))
  end
end

function process.skip(reason)
  print("skipped: " .. reason)
  clean_up()
  os.exit(skipped)
end

--- Notes whether something holds; what does not is printed with `about`, and the test goes on.
function process.check(holds, about)
  process.checks = process.checks + 1
  if not holds then
    process.failed = process.failed + 1
    print("FAILED: " .. about)
  end
  return holds
end

--- Ends the test: an exit status of 0 says that something was checked and all of it held.
function process.finish()
  clean_up()
  print(("%d checks, %d failed"):format(process.checks, process.failed))
  os.exit(process.failed == 0 and process.checks > 0)
end

return process
