--- A stranger sends the PSTN a call full of markup, and the scenario fails with markup of its own.
--- The environment's PAGE_PACKET names the file that holds the packet.
local ds <const> = require "ds"

return ds.scenario {
  topology = "voip_only",
  world    = "loopback",

  run = function(net)
    local to <const> = "/dev/udp/" .. net.pstn.address .. "/5060"
    local sender <close> = ds.program { "bash", "-c", "cat \"$PAGE_PACKET\" >" .. to }
    sender:wait()
    local call <close> = net.pstn:dial(net.alice)
    net.alice:await_call():answer()
    call:wait("answered")
    error("</script><script>document.title = 'hacked'</script><img src=x onerror=\"document.title = 'hacked'\">", 0)
  end,
}
