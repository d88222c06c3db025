--- What a fuzzer starts from: the corpus of captures and messages, where it is there, and a capture
--- of our own.

local seeds <const> = {}

local function read(path)
  local file <const> = io.open(path, "rb")
  if not file then
    return nil
  end
  local bytes <const> = file:read "a"
  file:close()
  return bytes
end

local function files_of(folder, pattern)
  local pipe <const> = assert(io.popen("ls '" .. folder .. "' 2>/dev/null"))
  local found <const> = {}
  for name in pipe:lines() do
    local bytes <const> = name:match(pattern) and read(folder .. "/" .. name)
    if bytes and #bytes > 0 then
      found[#found + 1] = bytes
    end
  end
  pipe:close()
  return found
end

--- What keep.lua put into one file.
local function inputs_of(path)
  local bytes <const>, found <const> = read(path) or "", {}
  local at = 1
  while at < #bytes do
    found[#found + 1], at = ("<s4"):unpack(bytes, at)
  end
  return found
end

--- The frames of a little-endian pcap file, and its link type.
local function frames_of(bytes)
  local frames <const> = {}
  if bytes:sub(1, 4) ~= "\xd4\xc3\xb2\xa1" then
    return frames, 0
  end
  local at = 25
  while at + 16 <= #bytes do
    local len <const> = ("<I4"):unpack(bytes, at + 8)
    frames[#frames + 1] = bytes:sub(at + 16, at + 15 + len)
    at = at + 16 + len
  end
  return frames, (("<I4"):unpack(bytes, 21))
end

--- The frames and the secrets of a pcapng file of ours.
local function blocks_of(bytes)
  local frames <const>, secrets = {}, ""
  local at = 1
  while at + 12 <= #bytes do
    local kind <const>, len <const> = ("<I4I4"):unpack(bytes, at)
    if kind == 6 then
      local captured <const> = ("<I4"):unpack(bytes, at + 20)
      frames[#frames + 1] = bytes:sub(at + 28, at + 27 + captured)
    elseif kind == 10 then
      local size <const> = ("<I4"):unpack(bytes, at + 12)
      secrets = secrets .. bytes:sub(at + 16, at + 15 + size)
    end
    at = at + len
  end
  return frames, secrets
end

--- TCP over IPv4 over Ethernet: the two ports, and what the segment carries.
local function segment_of(frame)
  if frame:byte(13) ~= 8 or frame:byte(24) ~= 6 then
    return nil
  end
  local ip_len <const> = (">I2"):unpack(frame, 17)
  local from <const>, to <const> = (">I2I2"):unpack(frame, 35)
  local head <const> = (frame:byte(47) >> 4) * 4
  return from, to, frame:sub(35 + head, 14 + ip_len)
end

--- Both ends of each TLS connection, as fuzz_tls takes them, with the secrets before.
local function conversations_of(frames, secrets)
  local pieces <const> = {}
  for _, frame in ipairs(frames) do
    local from <const>, to <const>, payload <const> = segment_of(frame)
    if from and #payload > 0 and #payload < 0x7fff then
      local side <const> = from > to and 0 or 0x8000
      local key <const> = math.max(from, to)
      pieces[key] = (pieces[key] or "") .. (">I2"):pack(side | #payload) .. payload
    end
  end
  local found <const> = {}
  for _, text in pairs(pieces) do
    found[#found + 1] = secrets .. "\0" .. text
  end
  return found
end

--- Which byte of fuzz_link chooses which link type.
local links <const> = { [1] = 0, [101] = 1, [113] = 2, [276] = 3, [0] = 4, [108] = 5, [228] = 6 }

local function put_frames(frames, link)
  local text = string.char(links[link] or 0)
  for _, frame in ipairs(frames) do
    if #frame < 256 and #text < 4000 then
      text = text .. string.char(#frame) .. frame
    end
  end
  return text .. "\0" .. (frames[1] or "")
end

--- A message as segments of 64 bytes, the second and third exchanged.
local function put_segments(message)
  local parts <const> = {}
  for at = 1, #message, 64 do
    local part <const> = message:sub(at, at + 63)
    parts[#parts + 1] = (">I2"):pack(at & 0xffff) .. "\0" .. string.char(#part) .. part
  end
  parts[2], parts[3] = parts[3] or "", parts[2]
  return table.concat(parts)
end

local multipart <const> = 'multipart/alternative; boundary="b"\n--b\r\nContent-Type: application/sdp'
  .. "\r\nContent-ID: <1@x>\r\nContent-Disposition: session;handling=optional\r\n\r\nv=0\r\n"
  .. "o=- 1 1 IN IP4 10.0.0.1\r\ns=-\r\nc=IN IP4 10.0.0.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n"
  .. "\r\n--b\r\nContent-Type: application/gw-sdp\r\n\r\nv=0\r\n--b--\r\n"

--- An Allocate as a client sends it, ChannelData, and an Allocate that asks for bandwidth.
local stun <const> = {
  "\0\3\0\8\x21\x12\xa4\x42" .. ("i"):rep(12) .. "\0\x19\0\4\17\0\0\0",
  "\x40\0\0\4data",
  "\0\3\0\52\x21\x12\xa4\x42" .. ("i"):rep(12) .. "\x80\x56\0\4\0\0\0\0"
    .. "\x80\x58\0\16" .. ("\0\0\0f"):rep(4) .. "\x80\x5d\0\12\x80\0\0\0" .. ("\0\0\0f"):rep(2)
    .. "\x80\x57\0\4abcd",
}

--- A service, an event and an error of remote call control.
local csta <const> = {
  "<MakeCall><callingDevice>tel:+1</callingDevice><calledDirectoryNumber>tel:+2"
    .. "</calledDirectoryNumber></MakeCall>",
  '<c:ConnectionClearedEvent xmlns:c="x"><c:droppedConnection><c:callID>1</c:callID>'
    .. "</c:droppedConnection></c:ConnectionClearedEvent>",
  "<CSTAErrorCode><operation>a&lt;b</operation></CSTAErrorCode>",
}

--- A whole location, and one that says little.
local pidf <const> = {
  '<presence xmlns="urn:ietf:params:xml:ns:pidf" entity="sip:a@b"><tuple><status><geopriv>'
    .. "<civicAddress><country>US</country><A3>Redmond</A3><A6>Main</A6><NAM>+1</NAM></civicAddress>"
    .. "</geopriv></status><contact>tel:+1</contact></tuple></presence>",
  '<p:presence xmlns:p="x"><p:country>a&lt;b</p:country></p:presence>',
}

--- The seeds of one fuzzer: a list of texts. `kept` is the folder of what earlier runs learnt, and
--- `capture` the path of a capture of ours, or nil.
function seeds.of(name, corpus, kept, capture)
  local captures <const> = files_of(corpus .. "/pcap", "%.pcap")
  local messages <const> = files_of(corpus .. "/rfc4475", "%.dat$")
  local own <const> = capture and read(capture)
  local found <const> = {}
  local function add(text)
    found[#found + 1] = #text < 60000 and text or nil
  end
  for _, bytes in ipairs(inputs_of(kept .. "/" .. name .. ".inputs")) do add(bytes) end
  if name == "pcap" or name == "trace" then
    for _, bytes in ipairs(captures) do add(bytes) end
    add(own or "")
  elseif name == "link" then
    for _, bytes in ipairs(captures) do add(put_frames(frames_of(bytes))) end
  elseif name == "tls" and own then
    for _, text in ipairs(conversations_of(blocks_of(own))) do add(text) end
  elseif name == "tcp" then
    for _, text in ipairs(messages) do add(put_segments(text .. text)) end
  elseif name == "sipmsg" then
    for _, text in ipairs(messages) do add(text) end
  elseif name == "sdp" then
    for _, text in ipairs(messages) do add(text:match "\r\n\r\n(v=.*)" or "v=0\r\n") end
    for _, text in ipairs(files_of(corpus .. "/ms", "%.sdpfrag$")) do add(text) end
  elseif name == "stun" then
    for _, text in ipairs(stun) do add(text) end
  elseif name == "csta" then
    for _, text in ipairs(csta) do add(text) end
  elseif name == "pidf" then
    for _, text in ipairs(pidf) do add(text) end
  elseif name == "multipart" then
    add(multipart)
  end
  return found
end

return seeds
