std = "lua54"
max_line_length = 100
cache = false
files["lua/meta"] = { ignore = { "212", "241", "211" } } -- stubs name their parameters and do nothing
