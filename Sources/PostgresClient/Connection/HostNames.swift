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

    static let lookups = try? HostNameLookups()

    /// Nil when the string names no host that has to be looked for: then libpq takes it as it is.
    static func resolved(
        in connectionString: String,
        within limit: Duration,
        on loop: EventLoop,
        by lookups: HostNameLookups? = HostNames.lookups
    ) async throws -> HostNames? {
        guard let question = question(in: connectionString), let lookups else { return nil }
        let names = question.hosts.joined(separator: ", ")
        guard let found = try await lookups.answer(to: question, within: limit, on: loop) else {
            throw PostgresError.cannotConnect("no name server says in time where \(names) is")
        }
        guard !found.hosts.isEmpty else { throw PostgresError.cannotConnect("no address is known of \(names)") }
        return found
    }

    /// The addresses that can be found; one host may have several, which are tried in their order.
    init(_ question: HostNameLookups.Question) {
        let ports = question.ports
        var places: [(host: String, address: String, port: String)] = []
        for (index, name) in question.hosts.enumerated() {
            let port = ports.count == 1 ? ports[0] : index < ports.count ? ports[index] : ""
            let addresses = HostNames.isPath(name) ? [""] : HostNames.addresses(of: name)
            places += addresses.map { (name, $0, port) }
        }
        hosts = places.map(\.host).joined(separator: ",")
        addresses = places.map(\.address).joined(separator: ",")
        self.ports = places.map(\.port).joined(separator: ",")
    }

    /// The hosts and ports of a string, if one of the hosts has a name.
    private static func question(in connectionString: String) -> HostNameLookups.Question? {
        guard let values = ConnectionString.values(in: connectionString) else { return nil }
        guard values["hostaddr"] == nil, let host = values["host"], !host.isEmpty else { return nil }
        let hosts = host.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        let ports = (values["port"] ?? "").split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        guard hosts.contains(where: { !isPath($0) }) else { return nil }
        // What does not fit together is libpq's to say.
        guard ports.count == 1 || ports.count == hosts.count else { return nil }
        return HostNameLookups.Question(hosts: hosts, ports: ports)
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
