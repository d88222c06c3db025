std = "lua54"
max_line_length = 100
max_comment_line_length = 120 -- the sentence of a scenario is one line
cache = false
files["lua/meta"] = { ignore = { "212", "241", "211" } } -- stubs name their parameters and do nothing
files["tests"] = { max_line_length = 120 }
