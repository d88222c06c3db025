--- What a scenario expects of a fax: `wire:call():fax()`, how it went, where, and what came of it.

local core <const> = require "ds.core"
local ds <const> = require "ds"
local finding <const> = require "ds.finding"
local found <const>, judge <const>, is_at <const> = finding.found, finding.judge, finding.is_at

---@class ds.Fax
local Fax <const> = {}
Fax.__index = Fax

local function ways(self, kind)
  local list <const>, packets, frames = {}, 0, {}
  for _, way in ipairs(self.seen.faxes) do
    if way.by == kind then
      list[#list + 1] = way
      packets, frames[#frames + 1] = packets + way.packets, way.first_frame
    end
  end
  return list, packets, frames
end

--- It went in packets between two gateways, both ways.
function Fax:by_t38()
  local list <const>, packets, frames = ways(self, "t38")
  judge(#list >= 2, frames, "%d packets of T.38, %d ways", packets, #list)
  return self
end

--- It went as tones in audio, all the way.
function Fax:by_audio()
  local _, packets = ways(self, "t38")
  local list <const>, _, frames = ways(self, "audio")
  judge(packets == 0 and #list > 0, frames, "%d packets of T.38, and audio of a fax on %d ways",
    packets, #list)
  return self
end

--- Its audio, a fax's or not, and its T.38.
local function media(self)
  local list <const> = ways(self, "t38")
  return table.move(self.seen.flows, 1, #self.seen.flows, #list + 1, list)
end

local function count(self, from, to)
  local packets, frames = 0, {}
  for _, way in ipairs(media(self)) do
    if is_at(self.seen, way.from, from) and is_at(self.seen, way.to, to) then
      packets, frames[#frames + 1] = packets + way.packets, way.first_frame
    end
  end
  return packets, frames
end

--- Its media, audio or T.38, went between these two, both ways.
function Fax:flows(from, to)
  local there <const>, frames = count(self, from, to)
  local back <const> = count(self, to, from)
  judge(there > 0 and back > 0, frames, "%d packets from %s to %s, and %d back", there, from,
    to, back)
  return self
end

function Fax:never_touches(name)
  local packets, frames = 0, {}
  for _, way in ipairs(media(self)) do
    if is_at(self.seen, way.from, name) or is_at(self.seen, way.to, name) then
      packets, frames[#frames + 1] = packets + way.packets, way.first_frame
    end
  end
  if #media(self) == 0 then
    found("not-seen", {}, "the fax had no media at all, so nothing is known of %s", name)
  else
    judge(packets == 0, frames, "%d packets of the fax touched %s", packets, name)
  end
  return self
end

--- The page of that number, as `send_fax` draws it, reached the machine that was called.
function Fax:arrives(page)
  page = page or {}
  local wanted <const> = core.fax_page(page.rows or ds.page_rows, page.page or 1)
  local arrived, same, frames = 0, false, {}
  for _, way in ipairs((ways(self, "audio"))) do
    if way.to == self.seen.callee then
      arrived, frames[#frames + 1] = arrived + #way.pages, way.first_frame
      for _, rows in ipairs(way.pages) do
        same = same or rows == wanted
      end
    end
  end
  judge(same, frames, "%d pages of fax reached %s, and %s is the one that was sent", arrived,
    self.seen.callee or "nobody", same and "one" or "none")
  return self
end

return Fax
