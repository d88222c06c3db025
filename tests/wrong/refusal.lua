--- What is wrong is refused with the exit status that is documented, and in a sentence that says
--- what is wrong and where.
---
--- Used as `local process, refused, expect, examine =
--- dofile(…/tests/wrong/refusal.lua)(program, source)`.

return function(program, source)
  local process <const> = dofile(source .. "/tests/support/process.lua")

  --- Runs directsip; one line of what it prints must match `says`.
  local function expect(status, says, ...)
    local got <const>, output <const> = process.run("timeout 120 " .. process.words(program, ...))
    local said = false
    for line in output:gmatch "[^\n]+" do
      said = said or line:match(says) ~= nil
    end
    local command <const> = table.concat({ ... }, " ")
    process.check(got == status, ("%s ends with %d and ought to end with %d: %s"):format(command,
      got, status, output))
    process.check(said, ("%s does not say '%s': %s"):format(command, says, output))
    return output
  end

  --- Wrong use is told in one line, and nothing is run.
  local function refused(says, ...)
    local output <const> = expect(2, says, ...)
    process.check(output:match "^directsip: [^\n]+\n$",
      ("%s is not refused in one line: %s"):format(table.concat({ ... }, " "), output))
  end

  --- Runs scenario files: `text` is to end with `status`, and to say what `says` matches.
  local function examine(scenarios)
    local folder <const> = process.folder()
    for _, wrong in ipairs(scenarios) do
      local path <const> = process.write(("%s/%s.lua"):format(folder, wrong.name), wrong.text)
      expect(wrong.status, wrong.says, "run", path, "--root", source, "-o", folder .. "/out",
        "--world", wrong.world or "loopback")
    end
  end

  return process, refused, expect, examine
end
