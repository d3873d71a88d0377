import EventLoop
import PostgresTesting
import Testing

@testable import PostgresClient

@Suite(.serialized, .timeLimit(.minutes(3))) struct HostNamesTests {
    private func resolved(_ text: String, within limit: Duration = .seconds(30)) async throws -> HostNames? {
        try await onLoop { try await HostNames.resolved(in: text, within: limit, on: $0) }
    }

    @Test func `names have their addresses, and the ports stay beside them`() async throws {
        let found = try #require(try await resolved("host=localhost,/tmp,127.0.0.1 port=1,2,3 user=x"))
        let hosts = found.hosts.split(separator: ",")
        let addresses = found.addresses.split(separator: ",", omittingEmptySubsequences: false)
        let ports = found.ports.split(separator: ",")
        #expect(hosts.count == addresses.count && hosts.count == ports.count)
        for (host, (address, port)) in zip(hosts, zip(addresses, ports)) {
            switch host {
            case "localhost": #expect(["127.0.0.1", "::1"].contains(address) && port == "1")
            case "/tmp": #expect(address.isEmpty && port == "2")
            default: #expect(address == "127.0.0.1" && port == "3")
            }
        }
        #expect(Set(hosts) == ["localhost", "/tmp", "127.0.0.1"])
    }

    @Test(arguments: [
        "host=/tmp port=5432", "host=db.example hostaddr=127.0.0.1", "dbname=x", "host=a,b port=1,2,3", "nonsense",
        "postgresql:///x?host=/tmp",
    ])
    func `what needs no looking for is libpq's`(connectionString: String) async throws {
        #expect(try await resolved(connectionString) == nil)
    }

    @Test func `a URL's host is looked for, and one that nobody knows is said`() async throws {
        #expect(try await resolved("postgresql://u:p@localhost/x")?.ports.contains("5") == false)
        await #expect(throws: PostgresError.cannotConnect("no address is known of nowhere.invalid")) {
            _ = try await resolved("host=nowhere.invalid")
        }
    }

    @Test func `a name server that does not answer is not waited for longer than a connection`() async throws {
        let threads = try #require(HostNames.threads)
        let gate = Gate()
        // As long as they wait for it.
        let waiting = (0..<2).map { _ in Task { try? await threads.run { gate.wait() } } }
        while threads.metrics.running < 2 { await Task.yield() }
        await #expect(throws: PostgresError.cannotConnect("no name server says in time where localhost is")) {
            _ = try await resolved("host=localhost", within: .milliseconds(200))
        }
        gate.open()
        for one in waiting { await one.value }
        #expect(try await resolved("host=localhost") != nil)
    }
}
