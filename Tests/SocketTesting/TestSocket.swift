import Glibc

/// A blocking client socket with a time limit on every read, so that a test that waits in vain fails.
public final class TestSocket: Sendable {
    public let descriptor: Int32

    /// Connects to 127.0.0.1. `receiveBuffer` makes a reader that is slow from the start.
    public init(port: UInt16, receiveBuffer: Int32? = nil, timeoutSeconds: Int = 60) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        if var receiveBuffer {
            setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &receiveBuffer, socklen_t(MemoryLayout<Int32>.size))
        }
        var limit = timeval(tv_sec: timeoutSeconds, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var on: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw SocketFailure(call: "connect", code: errno) }
    }

    deinit { close(descriptor) }

    public func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let result = bytes.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            guard result > 0 else { throw SocketFailure(call: "send", code: errno) }
            sent += result
        }
    }

    public func send(_ text: String) throws { try send(Array(text.utf8)) }

    /// Tells the peer that no more will come.
    public func endOutput() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// Breaks the connection with a reset in place of an orderly end.
    public func reset() {
        var nowhere = sockaddr()
        nowhere.sa_family = sa_family_t(AF_UNSPEC)
        connect(descriptor, &nowhere, socklen_t(MemoryLayout<sockaddr>.size))
    }

    /// The next bytes, at most `limit`; empty at the end of the stream.
    public func receive(_ limit: Int = 65_536) throws -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: limit)
        let result = recv(descriptor, &buffer, limit, 0)
        guard result >= 0 else { throw SocketFailure(call: "recv", code: errno) }
        return Array(buffer[..<result])
    }

    /// Exactly `count` bytes; fewer only when the stream ends before.
    public func receive(exactly count: Int) throws -> [UInt8] {
        var all: [UInt8] = []
        while all.count < count {
            let more = try receive(min(65_536, count - all.count))
            if more.isEmpty { break }
            all += more
        }
        return all
    }

    public func receiveText(exactly count: Int) throws -> String {
        String(decoding: try receive(exactly: count), as: UTF8.self)
    }

    /// Everything up to the end of the stream.
    public func receiveToEnd() throws -> [UInt8] {
        var all: [UInt8] = []
        while true {
            let more = try receive()
            if more.isEmpty { return all }
            all += more
        }
    }

    public func receiveTextToEnd() throws -> String { String(decoding: try receiveToEnd(), as: UTF8.self) }

    /// Everything up to and with `mark`.
    public func receiveText(through mark: String) throws -> String {
        let mark = Array(mark.utf8)
        var all: [UInt8] = []
        while !all.suffix(mark.count).elementsEqual(mark) {
            let more = try receive(1)
            if more.isEmpty { break }
            all += more
        }
        return String(decoding: all, as: UTF8.self)
    }
}

public struct SocketFailure: Error, CustomStringConvertible {
    public let call: String
    public let code: Int32

    public init(call: String, code: Int32) {
        self.call = call
        self.code = code
    }

    public var description: String { "\(call): \(String(cString: strerror(code)))" }
}
