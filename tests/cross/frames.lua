--- All that a test asks tshark about a capture, in one start: reading one takes it milliseconds,
--- and starting most of a second.
---
--- Used as `local frames <const> = dofile(…/tests/cross/frames.lua)(process)`.

local BETWEEN <const> = "\x1f" -- values of a field in one frame; no field has it in its text

return function(process)
  local frames <const> = {}

  --- A frame's values of each of `names` that occurs in it, by name, in the order of the columns.
  local function read_row(line, names)
    local row <const>, count = {}, 0
    for cell in (line .. "\t"):gmatch "([^\t]*)\t" do
      count = count + 1
      local values <const> = {}
      for value in cell:gmatch("[^" .. BETWEEN .. "]+") do
        values[#values + 1] = value
      end
      row[names[count] or count] = values
    end
    return row, count == #names
  end

  --- Every frame of a capture as a table from field to the list of its values, and what the
  --- statistics among `options` print below.
  function frames.ask(capture, options, names)
    local command <const> =
      "tshark %s -T fields -E occurrence=a -E aggregator=%s -e %s -r %s 2>/dev/null"
    local status <const>, output <const> = process.run(command:format(options, BETWEEN,
      table.concat(names, " -e "), process.quote(capture)))
    process.check(status == 0, ("tshark cannot read %s: %s"):format(capture, output))
    local told <const>, statistics <const> = output:match "^(.-)(%f[^\0\n]===.*)$"
    local rows <const> = {}
    for line in (told or output):gmatch "[^\n]+" do
      local row <const>, whole <const> = read_row(line, names)
      process.check(whole, ("%s: tshark says what is no row: %s"):format(capture, line))
      rows[#rows + 1] = row
    end
    process.check(#rows > 0, ("tshark sees no frame in %s"):format(capture))
    return rows, statistics or ""
  end

  --- The first value of a field, as it stands at the outermost of several headers, or "".
  function frames.first(row, name)
    return row[name][1] or ""
  end

  --- Whether a field has this value in a frame, wherever it occurs there.
  function frames.has(row, name, wanted)
    for _, value in ipairs(row[name]) do
      if value == wanted then
        return true
      end
    end
    return false
  end

  function frames.has_wrong_checksum(row)
    return frames.has(row, "ip.checksum.status", "0") or frames.has(row, "udp.checksum.status", "0")
      or frames.has(row, "tcp.checksum.status", "0")
  end

  return frames
end
