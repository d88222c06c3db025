--- In the other options, too: a user's call with a telephone that is no user's moves to the conferencing
--- server, and the PSTN and a phone of the PBX are added, each by the elements of that option.
local ds <const> = require "ds"
local ms <const> = ds.ms

local function add(call, node)
  call:add(node)

  local added <const> = node:await_call()

  added:answer()
  assert(call:wait_added() == 200)
  return added
end

return ds.scenario {
  topology = {
    "behind_pbx:conferencing", "in_front_of_pbx:conferencing", "direct_sip_partner:conferencing",
    "analogue_devices:conferencing",
  },
  calls    = { "ev_to_pbx", "ev_to_analogue" },
  proves   = { "OPT-01", "OPT-02", "OPT-03", "BYP-10", "CONF-02", "XFER-04", "CALL-02" },

  run = function(net)
    local caller <close> = net.caller:dial(net.callee)
    local callee <close> = net.callee:await_call()

    callee:answer()
    caller:wait("answered"):talk(120 * ms)

    local third <close> = add(caller, net.pstn)
    local fourth <close> = net.callee.role == "phone" and add(caller, net.carol) or nil

    third:talk(400 * ms):hang_up()
    if fourth then
      fourth:hang_up()
    end
    callee:hang_up()
    caller:hang_up()
  end,
}
