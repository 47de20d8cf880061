-- Requests from a file, one a line: METHOD, PATH, ETAG (or nothing) and BODY, between tabs.
-- `__N__` in a body becomes another number in each request. What was found is one line of JSON.

local written, fresh, count = {}, false, 0

function init(args)
  count = os.time() * 1000000
  for line in io.lines(args[1]) do
    local method, path, tag, body = line:match("^([^\t]*)\t([^\t]*)\t([^\t]*)\t(.*)$")
    local headers = { ["Content-Type"] = "application/json", ["Accept"] = "application/json" }
    if tag ~= "" then headers["If-None-Match"] = tag end
    if body:find("__N__", 1, true) then
      fresh = true
      table.insert(written, { method, path, headers, body })
    else
      table.insert(written, wrk.format(method, path, headers, body ~= "" and body or nil))
    end
  end
end

function request()
  count = count + 1
  local next = written[count % #written + 1]
  if not fresh then return next end
  local body = next[4]:gsub("__N__", string.format("%.0f", count))
  return wrk.format(next[1], next[2], next[3], body)
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '{"requests":%d,"seconds":%.6f,"p50_ms":%.3f,"p99_ms":%.3f,"errors":%d}\n',
    summary.requests, summary.duration / 1e6,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout
  ))
end
