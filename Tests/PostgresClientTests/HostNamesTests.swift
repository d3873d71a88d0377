import EventLoop
import PostgresTesting
import Synchronization
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

    @Test func `a name server that does not answer is not waited for longer than a connection, and keeps one thread`()
        async throws
    {
        let gate = Gate()
        let looks = Atomic(0)
        let lookups = try HostNameLookups(threads: 2) { question in
            if question.hosts == ["slow.example"] {
                looks.add(1, ordering: .relaxed)
                gate.wait()
            }
            return HostNames(HostNameLookups.Question(hosts: ["localhost"], ports: ["1"]))
        }
        try await onLoop { loop in
            for _ in 0..<3 {
                let silence = PostgresError.cannotConnect("no name server says in time where slow.example is")
                await #expect(throws: silence) {
                    _ = try await HostNames.resolved(
                        in: "host=slow.example",
                        within: .milliseconds(50),
                        on: loop,
                        by: lookups
                    )
                }
            }
            func found(_ host: String) async throws -> HostNames? {
                try await HostNames.resolved(in: "host=\(host)", within: .seconds(30), on: loop, by: lookups)
            }
            let quick = try await found("quick.example")
            #expect(quick != nil)
            // What the first has asked for is also the answer to whoever comes later.
            let late = loop.startTask { try? await found("slow.example") }
            gate.open()
            #expect(await late.value?.ports.hasPrefix("1") == true)
            #expect(looks.load(ordering: .relaxed) == 1)
            let next = try await found("slow.example")
            #expect(next != nil)
            #expect(looks.load(ordering: .relaxed) == 2)
        }
    }
}
