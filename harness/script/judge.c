#include "script_internal.h"

ds_rc ds_scenario_judge(const struct ds_judge_scenario *judge,
                        struct ds_findings *findings,
                        struct ds_script_trouble *trouble)
{
    struct ds_script script = {.code = judge->code,
                               .trace = judge->trace,
                               .topo = judge->topo,
                               .findings = findings,
                               .call = judge->call};
    *trouble = (struct ds_script_trouble){0};
    ds_rc rc = ds_script_open(DS_TO_JUDGE, judge->lua_root, &script, &trouble->why);
    if (rc != DS_OK) {
        trouble->harness = true;
        return rc;
    }
    rc = ds_script_load(&script, judge->scenario->path, trouble);
    if (rc == DS_OK && ds_script_require(&script, "ds.expect", trouble)) {
        lua_getfield(script.lua, -1, "judge");
        lua_getfield(script.lua, -3, "expect");
        lua_pushstring(script.lua, judge->scenario->path);
        ds_script_rest(&script);
        if (lua_pcall(script.lua, 2, 0, 0) != LUA_OK) {
            ds_script_trouble(&script, trouble);
            rc = DS_BAD;
        }
    } else {
        rc = DS_BAD;
    }
    ds_script_close(&script);
    return rc;
}
