internal import EventLoop
import Glibc

/// The hosts of a connection string with their addresses, as lists for libpq.
///
/// libpq would ask for them when it connects, on the loop, for as long as a name server takes that does not answer; so a
/// thread asks before.
struct HostNames: Equatable, Sendable {
    var hosts = ""
    var addresses = ""
    var ports = ""

    static let threads = try? BlockingPool(threads: 2, queueLimit: 1_024)

    /// Nil when the string names no host that has to be looked for: then libpq takes it as it is.
    static func resolved(
        in connectionString: String,
        within limit: Duration,
        on loop: EventLoop
    ) async throws -> HostNames? {
        guard let (hosts, ports) = namedHosts(in: connectionString) else { return nil }
        guard let threads else { return nil }
        let lookup = HostNameLookup(threads, on: loop)
        guard let found = try await lookup.run(within: limit, { HostNames(hosts, ports: ports) }) else {
            throw PostgresError.cannotConnect("no name server says in time where \(hosts.joined(separator: ", ")) is")
        }
        guard !found.hosts.isEmpty else {
            throw PostgresError.cannotConnect("no address is known of \(hosts.joined(separator: ", "))")
        }
        return found
    }

    /// The addresses that can be found; one host may have several, which are tried in their order.
    private init(_ names: [String], ports: [String]) {
        var places: [(host: String, address: String, port: String)] = []
        for (index, name) in names.enumerated() {
            let port = ports.count == 1 ? ports[0] : index < ports.count ? ports[index] : ""
            let addresses = HostNames.isPath(name) ? [""] : HostNames.addresses(of: name)
            places += addresses.map { (name, $0, port) }
        }
        hosts = places.map(\.host).joined(separator: ",")
        addresses = places.map(\.address).joined(separator: ",")
        self.ports = places.map(\.port).joined(separator: ",")
    }

    /// The hosts and ports of a string, if one of the hosts has a name.
    private static func namedHosts(in connectionString: String) -> (hosts: [String], ports: [String])? {
        guard let values = ConnectionString.values(in: connectionString) else { return nil }
        guard values["hostaddr"] == nil, let host = values["host"], !host.isEmpty else { return nil }
        let hosts = host.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        let ports = (values["port"] ?? "").split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        guard hosts.contains(where: { !isPath($0) }) else { return nil }
        // What does not fit together is libpq's to say.
        guard ports.count == 1 || ports.count == hosts.count else { return nil }
        return (hosts, ports)
    }

    /// A socket's folder, an abstract socket, or what libpq puts in an empty place.
    private static func isPath(_ host: String) -> Bool {
        host.isEmpty || host.hasPrefix("/") || host.hasPrefix("@")
    }

    private static func addresses(of name: String) -> [String] {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(name, nil, &hints, &list) == 0 else { return [] }
        defer { freeaddrinfo(list) }
        var addresses: [String] = []
        var entry = list
        while let found = entry {
            var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
            let (address, length) = (found.pointee.ai_addr, found.pointee.ai_addrlen)
            if getnameinfo(address, length, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST) == 0 {
                let address = String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
                if !addresses.contains(address) { addresses.append(address) }
            }
            entry = found.pointee.ai_next
        }
        return addresses
    }
}

/// A look for addresses that is given up after a while: a name server that does not answer keeps its thread for longer.
///
/// `@unchecked Sendable`: confined to its loop.
private final class HostNameLookup: @unchecked Sendable {
    private let threads: BlockingPool
    private let loop: EventLoop
    private var continuation: UnsafeContinuation<HostNames?, any Error>?

    init(_ threads: BlockingPool, on loop: EventLoop) {
        self.threads = threads
        self.loop = loop
    }

    /// Nil when it took too long.
    func run(within limit: Duration, _ look: @escaping @Sendable () -> HostNames) async throws -> HostNames? {
        let patience = loop.timer { [weak self] in self?.end(.success(nil)) }
        patience.set(after: limit.nanoseconds)
        defer { patience.cancel() }
        return try await withUnsafeThrowingContinuation { continuation in
            self.continuation = continuation
            loop.startTask { [self] in
                do { end(.success(try await threads.run(look))) } catch { end(.failure(error)) }
            }
        }
    }

    private func end(_ result: Result<HostNames?, any Error>) {
        continuation?.resume(with: result)
        continuation = nil
    }
}
