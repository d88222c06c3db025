--- The whole suite in the simulated world, and every byte that it leaves.
---
--- Used as `local bytes <const> = dofile(…/tests/suite/bytes.lua)(source)`.

local REPORTS <const> = { "junit", "tap", "json", "markdown", "code-quality" }

return function(source)
  local process <const> = dofile(source .. "/tests/support/process.lua")
  local bytes <const> = {}

  --- Runs in a folder of this name, with its reports beside the runs' own folders, which are in a folder
  --- of the same name again: nothing of either may show.
  function bytes.run(program, name, words)
    local place <const> = process.folder() .. "/" .. name
    local reports <const> = {}
    for _, kind in ipairs(REPORTS) do
      reports[#reports + 1] = ("--%s %s"):format(kind, kind)
    end
    local command <const> = process.words("--world", "sim", "--root", source, "-q", "-o", name)
    local status <const>, output <const> = process.run(("mkdir -p %s && cd %s && %s run %s %s %s")
      :format(process.quote(place), process.quote(place), process.quote(program), command,
        table.concat(reports, " "), words))
    process.check(status == 0, ("%s exits with %d:\n%s"):format(words, status, output))
  end

  function bytes.lines(command)
    local _, output <const> = process.run(command)
    local lines <const> = {}
    for line in output:gmatch "[^\n]+" do lines[#lines + 1] = line end
    return lines
  end

  --- The folders of the runs that were done under this name.
  function bytes.runs(name)
    return bytes.lines(("cd %s && ls -d */ | tr -d /"):format(
      process.quote(("%s/%s/%s"):format(process.folder(), name, name))))
  end

  local function read(name, path)
    return process.read(("%s/%s/%s"):format(process.folder(), name, path))
  end

  function bytes.compare_runs(runs, name, other, how)
    for _, run in ipairs(runs) do
      for _, file in ipairs { "run.pcapng", "verdict.json" } do
        local one <const> = read(name, ("%s/%s/%s"):format(name, run, file))
        local two <const> = read(other, ("%s/%s/%s"):format(other, run, file))
        process.check(one and one == two, ("%s/%s is another %s"):format(run, file, how))
      end
    end
  end

  --- A report in JUnit's notation names attachments from where directsip was run, and so the folder.
  function bytes.compare_reports(name, other, how)
    for _, kind in ipairs(REPORTS) do
      local one, two = read(name, kind), read(other, kind)
      if one and two and kind == "junit" then
        one = one:gsub("(ATTACHMENT|)" .. name .. "/", "%1")
        two = two:gsub("(ATTACHMENT|)" .. other .. "/", "%1")
      end
      process.check(one and one == two, ("the report %s is another %s"):format(kind, how))
    end
    local page <const> = read(name, name .. "/index.html")
    process.check(page and page == read(other, other .. "/index.html"), "the page is another " .. how)
  end

  return bytes, process
end
