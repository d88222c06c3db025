--- Every JSON file that directsip writes is as docs/schema says, and what is otherwise is refused by it.
---
--- Usage: lua5.4 schema.lua DIRECTSIP SOURCE

local program <const>, source <const> = table.unpack(arg)
local suite <const>, process <const> = dofile(source .. "/tests/ci/suite.lua")(program, source)
local json <const> = dofile(source .. "/tests/support/json.lua")

local function read(name)
  local value <const>, trouble = json.read(suite.read(name) or "")
  process.check(value, ("%s: %s"):format(name, trouble))
  return value or { members = {} }
end

local function judge_by(schema)
  return json.schema(source .. "/docs/schema", schema .. ".schema.json")
end

--- Calls `visit` with every table below a value that holds others, its list or members.
local function walk(value, visit)
  if type(value) == "table" then
    local inside <const> = value.members or value
    visit(inside, value.members ~= nil)
    for _, each in pairs(inside) do walk(each, visit) end
  end
end

--- A value without one of its members, or with another kind of value in its place, or with one more
--- member, is none that the schema admits.
local function refuses(judge, value)
  local names <const> = {}
  walk(value, function(inside, is_object)
    local is_new = false
    for name, each in pairs(is_object and inside or {}) do
      if not names[name] then
        names[name], is_new = true, true
        inside[name] = nil
        process.check(judge(value), ("'%s' may be left out"):format(name))
        inside[name] = json.null
        process.check(judge(value), ("'%s' may be null"):format(name))
        inside[name] = each
      end
    end
    if is_new then
      inside.surplus = true
      process.check(judge(value), "a member more is admitted")
      inside.surplus = nil
    end
  end)
  process.check(not judge(value), "the value has been put together again")
end

local function check_suite()
  local status <const>, output = suite.directsip("", "run", "-w", "sim", "-o", "out", "--json",
    "results.json", "calls/busy@voip_only", "red.lua", "needy.lua")
  process.check(status == 1, output)
  local results <const>, judge = read "results.json", judge_by "results"
  local trouble <const> = judge(results)
  process.check(not trouble, ("results.json%s"):format(trouble))
  local totals <const> = results.members.totals.members
  process.check(totals.pass > 1 and totals.FAIL == 1 and totals.skip == 1, "not all kinds of result")
  refuses(judge, results)
  return results
end

local function check_verdicts(results)
  local judge <const> = judge_by "verdict"
  for _, run in ipairs(results.members.runs) do
    local name <const> = "out/" .. run.members.capture:gsub("run%.pcapng$", "verdict.json")
    if run.members.result ~= "skip" then
      local trouble <const> = judge(read(name))
      process.check(not trouble, ("%s%s"):format(name, trouble))
    end
  end
end

local function check_defects()
  local _, output <const> = suite.directsip("", "defects", "-o", "out", "--json", "defects.json",
    "gateway:no_ack", "gateway:busy_becomes_480")
  local defects <const>, judge = read "defects.json", judge_by "defects"
  local trouble <const> = judge(defects)
  process.check(not trouble and #defects.members.defects > 1, (trouble or "") .. output)
  refuses(judge, defects)
end

--- What may be left out is what never happened: a call that was refused was not answered.
local function check_calls()
  local judge <const> = judge_by "calls"
  for _, call in ipairs { "calls/busy@voip_only:bypass_on/ev_to_pstn",
    "calls/callee_clears@voip_only:bypass_on/ev_to_pstn" } do
    suite.directsip("rm -rf out &&", "run", "-w", "sim", "-o", "out", call)
    local _, output <const> = suite.directsip("", "calls", "--json", "calls.json", "-t",
      "voip_only:bypass_on", suite.folder .. "/out/" .. call:gsub("[/:@]", "-") .. "-sim/run.pcapng")
    local calls <const> = read "calls.json"
    local trouble <const> = judge(calls)
    process.check(not trouble and #calls.members.calls == 1, (trouble or "") .. output)
    local refused <const> = call:find "busy" ~= nil
    local seen <const> = calls.members.calls[1].members
    process.check((seen.answered_at == nil) == refused and (seen.loss == nil) == refused,
      "there is an answer, or none")
    seen.answered_at, seen.ended_at, seen.setup_seconds, seen.loss = nil, nil, nil, nil
    for _, stream in ipairs(seen.streams) do
      process.check(stream.members.mos, "a stream has no score")
      stream.members.mos = nil
    end
    refuses(judge, calls)
  end
end

--- What may be left out: spans of what is no circuit, limits that nobody gave, a worse day that is none.
local function check_plan()
  local judge <const> = judge_by "plan"
  for _, topology in ipairs { "remote_worker", "two_gateways", "partner_with_gateway", "behind_pbx:bypass_off" } do
    local status <const>, output = suite.directsip("", "plan", "--json", "plan.json", topology)
    local plan <const> = read "plan.json"
    local trouble <const> = judge(plan)
    process.check(status == 0 and not trouble, (trouble or "") .. output)
    local trunk <const> = plan.members.trunks[1].members
    process.check(trunk.kind == "sip" and not trunk.spans_e1, "a SIP trunk has no spans")
    for _, each in ipairs(plan.members.trunks) do
      local members <const> = each.members
      process.check((members.spans_t1 ~= nil) == (members.kind == "tdm"), "spans are those of circuits")
      members.spans_e1, members.spans_t1, members.given = nil, nil, nil
      members.blocking, members.worst_without = nil, nil
    end
    refuses(judge, plan)
  end
end

--- The reader itself: what is no JSON, and what is.
local function check_reader()
  for _, text in ipairs { "", "{", "[1,]", "01", '"\n"', '"\\x"', "{}{}", '{"a":1,"a":1}', "nul", "+1",
    "[1 2]", '{"a" 1}', '"' } do
    process.check(json.read(text) == nil, ("'%s' is read"):format(text))
  end
  local value <const> = json.read ' {"a": [1, -2.5e1, true, null, "\\u00e4\\ud83d\\ude00\\n"]} '
  local list <const> = value and value.members.a or {}
  process.check(list[1] == 1 and list[2] == -25.0 and list[3] == true and list[4] == json.null
    and list[5] == "ä😀\n", "a value is read otherwise")
end

check_reader()
check_verdicts(check_suite())
check_defects()
check_calls()
check_plan()
process.finish()
