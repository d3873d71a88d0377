internal import CCurl
import EventLoop
import Glibc

/// One exchange with another server, from the moment it is asked for until its caller hears of it.
///
/// `@unchecked Sendable`: confined to its loop.
final class Transfer: @unchecked Sendable {
    let handle: CurlHandle
    let deadline: Duration
    private let reach: Reach
    private let maximumBytes: Int
    private let lists: [CurlList]
    /// What is sent, where it is not in the hands of libcurl, and how much of it was.
    private let source: (any OutboundBodySource)?
    private var sent = 0
    private let sink: (any OutboundBodySink)?
    private var fields: [(name: String, value: String)] = []
    private var fieldBytes = 0
    private var body: [UInt8] = []
    private var received = 0
    private var isTooLarge = false
    private var wasRefused = false
    private let isMail: Bool

    /// Nil before it is begun, and once its caller has heard of it.
    var continuation: UnsafeContinuation<OutboundResponse, any Error>?
    var timer: Timer?
    var isCancelled = false
    var isRunning = false

    init(
        _ handle: CurlHandle,
        deadline: Duration,
        reach: Reach,
        maximumBytes: Int,
        lists: [CurlList],
        source: (any OutboundBodySource)? = nil,
        sink: (any OutboundBodySink)? = nil,
        isMail: Bool = false
    ) {
        self.handle = handle
        self.deadline = deadline
        self.reach = reach
        self.maximumBytes = maximumBytes
        self.lists = lists
        self.source = source
        self.sink = sink
        self.isMail = isMail
        let owner = Unmanaged.passUnretained(self).toOpaque()
        atrium_curl_set_owner(handle.pointer, CURLOPT_PRIVATE, owner)
        atrium_curl_set_owner(handle.pointer, CURLOPT_WRITEDATA, owner)
        atrium_curl_set_data(handle.pointer, CURLOPT_WRITEFUNCTION, receiveBody)
        atrium_curl_set_owner(handle.pointer, CURLOPT_HEADERDATA, owner)
        atrium_curl_set_data(handle.pointer, CURLOPT_HEADERFUNCTION, receiveField)
        atrium_curl_set_owner(handle.pointer, CURLOPT_OPENSOCKETDATA, owner)
        atrium_curl_set_open(handle.pointer, openSocket)
        atrium_curl_set_owner(handle.pointer, CURLOPT_PREREQDATA, owner)
        atrium_curl_set_connected(handle.pointer, checkPeer)
        if source != nil {
            atrium_curl_set_owner(handle.pointer, CURLOPT_READDATA, owner)
            atrium_curl_set_data(handle.pointer, CURLOPT_READFUNCTION, sendBody)
        }
        handle.set(CURLOPT_NOSIGNAL, 1)
        handle.set(CURLOPT_FOLLOWLOCATION, 0)
        // What the environment says of proxies would lead requests past the check of addresses.
        handle.set(CURLOPT_PROXY, "")
    }

    deinit { curl_easy_cleanup(handle.pointer) }

    /// What came of it, by libcurl's code.
    func outcome(_ code: CURLcode) -> Result<OutboundResponse, OutboundFault> {
        let status = handle.responseCode
        switch code {
        case CURLE_OK: return .success(OutboundResponse(status: status, fields: fields, body: body))
        case _ where isTooLarge: return .failure(.tooLarge)
        case _ where wasRefused: return .failure(.refusedAddress)
        case _ where isMail && status >= 400: return .failure(.mailRefused(code: status))
        case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL: return .failure(.invalidRequest)
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_CONNECT: return .failure(.unreachable)
        case CURLE_OPERATION_TIMEDOUT: return .failure(.deadlineExceeded)
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CONNECT_ERROR, CURLE_USE_SSL_FAILED, CURLE_SSL_CACERT_BADFILE:
            return .failure(.untrusted)
        default: return .failure(.broken(String(cString: curl_easy_strerror(code))))
        }
    }

    // MARK: What libcurl tells

    fileprivate func take(body bytes: UnsafeRawBufferPointer) -> Bool {
        guard received + bytes.count <= maximumBytes else {
            isTooLarge = true
            return false
        }
        received += bytes.count
        if let sink, (200..<300).contains(handle.responseCode) { return (try? sink.write(bytes)) != nil }
        body.append(contentsOf: bytes)
        return true
    }

    fileprivate func take(field bytes: UnsafeRawBufferPointer) -> Bool {
        fieldBytes += bytes.count
        guard fieldBytes <= 64 << 10 else {
            isTooLarge = true
            return false
        }
        let line = String(decoding: bytes, as: UTF8.self)
        // Each head begins anew: of those that only say to go on, nothing is kept.
        if line.hasPrefix("HTTP/") { fields = [] }
        if let colon = line.firstIndex(of: ":") {
            let value = line[line.index(after: colon)...].trimmingPrefix(while: \.isWhitespace)
            let end = value.lastIndex { !$0.isWhitespace }.map(value.index(after:)) ?? value.startIndex
            fields.append((line[..<colon].lowercased(), String(value[..<end])))
        }
        return true
    }

    fileprivate func give(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
        guard let source else { return 0 }
        let count = min(buffer.count, source.count - sent)
        let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[..<count])
        // Less than was announced: the file has become shorter since.
        guard count == 0 || (try? source.read(into: rest, at: sent)) == count else { return Int(CURL_READFUNC_ABORT) }
        sent += count
        return count
    }

    fileprivate func mayConnect(to octets: [UInt8]) -> Bool {
        let isAllowed = reach.admits(octets)
        if !isAllowed { wasRefused = true }
        return isAllowed
    }

    fileprivate static func of(_ owner: UnsafeMutableRawPointer?) -> Transfer? {
        owner.map { Unmanaged<Transfer>.fromOpaque($0).takeUnretainedValue() }
    }
}

// Named functions: closures here would be taken for ones of an actor.

private func receiveBody(
    _ bytes: UnsafeMutablePointer<CChar>?,
    _ size: Int,
    _ count: Int,
    _ owner: UnsafeMutableRawPointer?
)
    -> Int
{
    let buffer = UnsafeRawBufferPointer(start: bytes, count: size * count)
    return Transfer.of(owner)?.take(body: buffer) == true ? buffer.count : -1
}

private func receiveField(
    _ bytes: UnsafeMutablePointer<CChar>?,
    _ size: Int,
    _ count: Int,
    _ owner: UnsafeMutableRawPointer?
)
    -> Int
{
    let buffer = UnsafeRawBufferPointer(start: bytes, count: size * count)
    return Transfer.of(owner)?.take(field: buffer) == true ? buffer.count : -1
}

private func sendBody(
    _ bytes: UnsafeMutablePointer<CChar>?,
    _ size: Int,
    _ count: Int,
    _ owner: UnsafeMutableRawPointer?
)
    -> Int
{
    Transfer.of(owner)?.give(UnsafeMutableRawBufferPointer(start: bytes, count: size * count)) ?? 0
}

private func openSocket(
    _ owner: UnsafeMutableRawPointer?,
    _ purpose: curlsocktype,
    _ address: UnsafeMutablePointer<curl_sockaddr>?
) -> curl_socket_t {
    guard let address, let offset = MemoryLayout<curl_sockaddr>.offset(of: \.addr) else { return -1 }
    let octets = Reach.octets(UnsafeRawPointer(address) + offset, family: address.pointee.family)
    guard Transfer.of(owner)?.mayConnect(to: octets) == true else { return -1 }
    let kind = address.pointee.socktype | Int32(SOCK_CLOEXEC.rawValue)
    return socket(address.pointee.family, kind, address.pointee.protocol)
}

/// A connection that was kept may have been made for a request that may reach more.
private func checkPeer(
    _ owner: UnsafeMutableRawPointer?,
    _ peer: UnsafeMutablePointer<CChar>?,
    _ own: UnsafeMutablePointer<CChar>?,
    _ peerPort: Int32,
    _ ownPort: Int32
) -> Int32 {
    let octets = peer.flatMap { Reach.octets($0) } ?? []
    return Transfer.of(owner)?.mayConnect(to: octets) == true ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
}
