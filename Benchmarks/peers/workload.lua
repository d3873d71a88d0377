-- The load of one workload for wrk, and its counts as one line of JSON.
-- usage: wrk -s workload.lua URL -- FILE   (the document; @N in it becomes a number that never comes twice)
local pieces = {}
local count = 0
local head = {}

function init(arguments)
  local file = assert(io.open(arguments[1]))
  local text = file:read("*a"):gsub("%s+$", ""):gsub("\\", "\\\\"):gsub('"', '\\"'):gsub("\n", "\\n")
  file:close()
  local body = '{"query":"' .. text .. '"}'
  local from = 1
  while true do
    local start = body:find("@N", from, true)
    pieces[#pieces + 1] = body:sub(from, (start or 0) - 1)
    if not start then break end
    from = start + 2
  end
  wrk.method = "POST"
  wrk.headers["Content-Type"] = "application/json"
  wrk.headers["Accept"] = "application/json"
  -- A run does not meet the numbers of an earlier one.
  count = os.time() % 1000000 * 1000000
  if #pieces == 1 then
    local whole = wrk.format(nil, nil, nil, body)
    request = function() return whole end
  else
    request = function()
      count = count + 1
      return wrk.format(nil, nil, nil, table.concat(pieces, string.format("%.0f", count)))
    end
  end
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    'JSON {"requests":%d,"seconds":%f,"bytes":%d,"median":%f,"p99":%f,"errors":%d}\n',
    summary.requests, summary.duration / 1e6, summary.bytes, latency:percentile(50), latency:percentile(99),
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
