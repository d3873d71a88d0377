internal import CCurl
import EventLoop

/// Makes the transfer of a request.
enum HTTPTransfer {
    static func make(_ request: OutboundRequest, _ options: OutboundOptions) throws(OutboundFault) -> Transfer {
        let handle = try CurlHandle()
        // Without them libcurl would add fields of its own: a form's type, and a wait before long bodies.
        var lines = ["expect:"]
        if !request.fields.contains(where: { $0.name.lowercased() == "content-type" }) { lines.append("content-type:") }
        // An empty value has a form of its own, because `name:` alone leaves a field out.
        lines += request.fields.map { $0.value.isEmpty ? "\($0.name);" : "\($0.name): \($0.value)" }
        let fields = CurlList(lines)
        handle.set(CURLOPT_URL, request.url)
        handle.set(CURLOPT_PROTOCOLS_STR, "http,https")
        if request.method == "HEAD" {
            handle.set(CURLOPT_NOBODY, 1)
        } else if let source = request.bodySource {
            handle.set(CURLOPT_UPLOAD, 1)
            handle.set(CURLOPT_INFILESIZE_LARGE, offset: source.count)
        } else if !request.body.isEmpty || !["GET", "DELETE"].contains(request.method) {
            handle.set(CURLOPT_POSTFIELDSIZE_LARGE, offset: request.body.count)
            // An empty array may have no address, and without one libcurl would wait for a callback.
            (request.body + [0]).withUnsafeBytes {
                _ = atrium_curl_set_bytes(handle.pointer, CURLOPT_COPYPOSTFIELDS, $0.baseAddress)
            }
        }
        if !["GET", "HEAD", "POST"].contains(request.method) || (request.method == "GET" && !request.body.isEmpty) {
            handle.set(CURLOPT_CUSTOMREQUEST, request.method)
        }
        handle.set(CURLOPT_HTTPHEADER, fields)
        handle.set(CURLOPT_USERAGENT, options.userAgent)
        handle.set(CURLOPT_CONNECTTIMEOUT_MS, Int(options.connectTimeout.nanoseconds / 1_000_000))
        if let authorities = options.authorities { handle.set(CURLOPT_CAINFO, authorities) }
        let addresses = CurlList(options.addresses)
        if !options.addresses.isEmpty { handle.set(CURLOPT_RESOLVE, addresses) }
        return Transfer(
            handle,
            deadline: request.deadline,
            reach: request.reach,
            maximumBytes: request.maximumBytes,
            lists: [fields, addresses],
            source: request.bodySource,
            sink: request.sink
        )
    }
}
