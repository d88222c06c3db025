--- What a scenario expects of a voice mail server: `wire:call():voice_mail()`, what it records and
--- what it plays.

local ds <const> = require "ds"
local finding <const> = require "ds.finding"
local judge <const>, is_at <const> = finding.judge, finding.is_at

---@class ds.VoiceMail
local VoiceMail <const> = {}
VoiceMail.__index = VoiceMail

--- Three packets, at either end of what is said.
local precision_us <const> = 60 * ds.ms

--- When the server's own voice was heard first, and until when: its greeting.
local function greeted_at(self)
  for _, flow in ipairs(self.seen.flows) do
    for _, spell in ipairs(is_at(self.seen, flow.from, "um") and flow.spells or {}) do
      if spell.voice == flow.from then
        return spell.last_at
      end
    end
  end
  return math.huge
end

--- How long a voice was heard on streams of one side, from a time on.
local function heard(self, side, who, from)
  local length_us, frames = 0, {}
  for _, flow in ipairs(self.seen.flows) do
    for _, spell in ipairs(is_at(self.seen, flow[side], "um") and flow.spells or {}) do
      if spell.voice == who and spell.last_at > from then
        length_us = length_us + (spell.first_at > from and spell.length or spell.last_at - from)
        frames[#frames + 1] = spell.first_frame
      end
    end
  end
  return length_us, frames
end

local function judge_length(done, who, length_us, frames, wanted_us)
  local near <const> = not wanted_us or math.abs(length_us - wanted_us) <= precision_us
  judge(length_us > 0 and near, frames, "voice mail %s %s for %d ms%s", done, who,
    length_us // ds.ms, near and "" or (", expected %d ms"):format(wanted_us // ds.ms))
end

--- This voice was recorded, and for so long.
function VoiceMail:records(who, wanted_us)
  local length_us <const>, frames = heard(self, "to", who, greeted_at(self))
  judge_length("records", who, length_us, frames, wanted_us)
  return self
end

--- It plays this voice, and for so long.
function VoiceMail:plays(who, wanted_us)
  local length_us <const>, frames = heard(self, "from", who, -1)
  judge_length("plays", who, length_us, frames, wanted_us)
  return self
end

return VoiceMail
