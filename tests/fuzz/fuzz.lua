--- Runs one fuzzer for some seconds from its seeds, and fails where it finds anything.
---
--- Usage: lua5.4 fuzz.lua FUZZER NAME DIRECTSIP SOURCE SECONDS [FOLDER]
---
--- FOLDER keeps what was learnt from one run to the next. What breaks a fuzzer is left beside it as
--- crash-…, timeout-… or oom-…; give that file to the fuzzer to see it again.

local fuzzer <const>, name <const>, program <const>, source <const>, seconds <const> =
  table.unpack(arg)
local process <const> = dofile(source .. "/tests/support/process.lua")
local seeds <const> = dofile(source .. "/tests/fuzz/seeds.lua")

--- A simulated call over a TLS trunk.
local function capture_of_ours()
  local folder <const> = process.folder() .. "/run"
  local status <const> = process.run(process.words(program, "run", "-w", "sim", "-q", "--root",
    source, "-o", folder, "bypass/tls_trunk@voip_only:tls_trunk/pstn_to_ev"))
  if status ~= 0 then
    return nil
  end
  local _, listing <const> = process.run(("ls %s/*/run.pcapng"):format(process.quote(folder)))
  return listing:match "[^\n]+"
end

local function write_seeds(folder, list)
  for i, text in ipairs(list) do
    local file <const> = assert(io.open(("%s/seed-%d"):format(folder, i), "wb"))
    file:write(text)
    file:close()
  end
end

local folder <const> = arg[6] or process.folder() .. "/corpus"
process.run("mkdir -p " .. process.quote(folder))
local capture <const> = (name == "tls" or name == "trace" or name == "pcap") and capture_of_ours()
write_seeds(folder, seeds.of(name, source .. "/../shared/corpus", source .. "/tests/fuzz/corpus",
  capture or nil))
local status <const>, output <const> = process.run(process.words(fuzzer,
  "-max_total_time=" .. seconds, "-timeout=10", "-rss_limit_mb=2048", "-print_final_stats=1",
  "-verbosity=0", "-artifact_prefix=" .. fuzzer .. "-", folder))
process.check(status == 0, ("fuzz_%s ends with %d:\n%s"):format(name, status, output))
print(output:match "stat::number_of_executed_units: %d+" or "")
process.finish()
