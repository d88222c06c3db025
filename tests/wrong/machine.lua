--- What a machine may do to a run: a port that another program holds, a disk that is full, a folder
--- that cannot be made, and a person who presses Ctrl-C in the middle of a call.
---
--- Usage: lua5.4 machine.lua DIRECTSIP SOURCE

local program <const>, source <const> = table.unpack(arg)
local process <const> = dofile(source .. "/tests/support/process.lua")
local folder <const> = process.folder()
local call <const> = "calls/caller_clears@voip_only:bypass_on/ev_to_ev"

local function expect(what, wanted, says, command)
  local status <const>, output <const> = process.run("timeout 60 " .. command)
  process.check(status == wanted and output:match(says) ~= nil,
    ("%s: the exit status is %d, where %d and '%s' are wanted: %s"):format(what, status, wanted,
      says, output))
end

local function run(...)
  return process.words(program, "run", "--root", source, ...)
end

--- Scenarios start programs by way of a shell, so their own text may name a command.
local function write_scenario(name, text, ...)
  return process.write(("%s/%s.lua"):format(folder, name), text:format(...))
end

--- A run on the machine's own loopback holds the ports that a second one, started from within,
--- wants.
local function test_port_in_use()
  local inner <const> = write_scenario("inner", [[
local ds <const> = require "ds"
return ds.scenario { topology = "voip_only", run = function() end }
]])
  local said <const> = folder .. "/inner.txt"
  local outer <const> = write_scenario("outer", [[
local ds <const> = require "ds"
return ds.scenario {
  topology = "voip_only",
  run = function()
    local second <const> = ds.program { "sh", "-c", [=[%s >%s 2>&1; echo "exit status $?" >>%s]=] }
    while not second:exited() do
      ds.sleep(10 * ds.ms)
    end
  end,
}
]], run(inner, "--share-loopback", "-o", folder .. "/second"), process.quote(said),
    process.quote(said))
  expect("the first run", 0, "1 passed", run(outer, "--share-loopback", "-o", folder .. "/first"))
  local text <const> = process.read(said) or ""
  process.check(text:match "cannot listen on %l+ 127%.[%d.]+:%d+: Address already in use; end"
    and text:match "exit status 3\n", "the second run says of its port: " .. text)
end

local function has_part(where)
  local _, listing <const> = process.run(("find %s -name '*.part*'"):format(process.quote(where)))
  return listing ~= ""
end

--- 20 KiB hold half a capture; the kernel ends a run that writes more, or refuses where that signal
--- is ignored.
local function test_full_disk()
  local out <const> = folder .. "/full"
  expect("a capture too large", 3, "ended by signal %d+ %(File size limit exceeded%)",
    process.words("sh", "-c", "ulimit -f 40; exec " .. run(call, "-o", out)))
  expect("a capture that is refused", 3, "cannot write %S+run%.pcapng: File too large",
    process.words("sh", "-c", "trap '' XFSZ; ulimit -f 40; exec " .. run(call, "-o", out)))
  process.check(not has_part(out), "half a file is left behind")
  for _, report in ipairs({ "--junit", "--tap", "--json", "--markdown" }) do
    expect("no room for " .. report, 3, "cannot write /dev/full: No space left",
      run(call, "-q", "-o", out, report, "/dev/full"))
  end
  process.check(process.run "test -c /dev/full" == 0, "a report replaced a device")
  local list <const> = process.words(program, "list", "runs", "--root", source)
  expect("no room for the list", 3, "could not be written whole",
    process.words("sh", "-c", list .. ">/dev/full"))
end

local function test_folders()
  expect("a folder that cannot be", 3, "cannot make the folder /proc/nonesuch",
    run(call, "-o", "/proc/nonesuch"))
  local file <const> = process.write(folder .. "/file", "")
  expect("a file for a folder", 3, "cannot make the folder", run(call, "-o", file .. "/below"))
  expect("a report in no folder", 3, "cannot write %S+nonesuch/x%.xml",
    run(call, "-q", "-o", folder .. "/reports", "--junit", folder .. "/nonesuch/x.xml"))
  process.check(not has_part(folder), "half a file is left behind")
end

--- Processes whose command line names our folder.
local function left_behind()
  local _, listing <const> = process.run "ls /proc"
  for pid in listing:gmatch "%d+" do
    local words <const> = process.read(("/proc/%s/cmdline"):format(pid))
    if words and words:find(folder, 1, true) then
      return words:gsub("\0", " ")
    end
  end
end

--- The call itself sends the signal, once it is up, to the process that the person sees: the first
--- of those above it that have its name.
local function test_interrupted()
  local out <const> = folder .. "/interrupted"
  local path <const> = write_scenario("long_talk", [[
local ds <const> = require "ds"
return ds.scenario {
  topology = "voip_only",
  run = function(net)
    local caller <close> = net.alice:dial(net.bob)
    net.bob:await_call():answer()
    caller:wait("answered")
    caller:talk(200 * ds.ms)
    ds.program { "sh", "-c", [=[
      parent() { sed -n 's/^PPid:\t//p' /proc/$1/status; }
      seen=$PPID
      while [ "$(cat /proc/$(parent $seen)/comm)" = directsip ]; do seen=$(parent $seen); done
      kill -INT $seen]=] }
    caller:talk(20 * ds.s)
  end,
}
]])
  local reports <const> = process.words("--json", out .. ".json", "--junit", out .. ".xml")
  expect("an interrupted run", 130, "ERROR +long_talk.*interrupted",
    run(path, "-n", "50", "-j", "2", "-o", out) .. " " .. reports)
  local junit <const> = process.read(out .. ".xml") or ""
  process.check(junit:match "</testsuites?>", "the report is not whole")
  local _, captures <const> = process.run(("ls %s/*/run.pcapng"):format(process.quote(out)))
  local is_whole = false -- of one of the two that ran side by side; the other may have just begun
  for capture in captures:gmatch "[^\n]+" do
    local status <const>, ladder <const> =
      process.run(process.words(program, "show", "--root", source, capture))
    process.check(status == 0, ("%s cannot be read: %s"):format(capture, ladder))
    is_whole = is_whole or ladder:find "INVITE.*BYE.*audio  %S+ ==?>? " ~= nil
  end
  process.check(is_whole, "no capture of an interrupted run shows its call to the end:\n" .. captures)
  process.check(not has_part(out), "half a file is left behind")
  local left <const> = left_behind()
  process.check(not left, ("a process is left behind: %s"):format(left))
end

test_port_in_use()
test_full_disk()
test_folders()
test_interrupted()
process.finish()
