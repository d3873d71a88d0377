import EventLoop
import Foundation
import GraphQLEngine
import SocketTesting
import Testing

@testable import GraphQLTransport

@Suite(.timeLimit(.minutes(3))) struct OperationStatisticsTests {
    private func start(
        _ change: (inout OperationStatistics.Options) -> Void = { _ in }
    ) throws -> (
        TransportServer, OperationStatistics
    ) {
        var options = OperationStatistics.Options()
        change(&options)
        let statistics = OperationStatistics(options)
        return (try TransportServer({ $0.operations = statistics }), statistics)
    }

    @Test func `operations are told apart by their names and documents`() async throws {
        let (server, statistics) = try start()
        for _ in 0..<3 { _ = try server.post(#"{"query":"query Greet { hello }"}"#) }
        _ = try server.post(#"{"query":"query Greet { a: hello }"}"#)
        _ = try server.post(#"{"query":"query Broken { fail }"}"#)
        _ = try server.post(#"{"query":"query Two { hello } query Three { hello }","operationName":"Three"}"#)
        // These are none.
        _ = try server.post(#"{"query":"query { "}"#)
        _ = try server.post(#"{"query":"query Unknown { nothingOfTheKind }"}"#)
        let told = statistics.figures(.sinceStart)
        #expect(Set(told.map(\.name)) == ["Greet", "Broken", "Three"])
        #expect(told.filter { $0.name == "Greet" }.map(\.durations.count).sorted() == [1, 3])
        #expect(Set(told.filter { $0.name == "Greet" }.map(\.sha256)).count == 2)
        #expect(told.filter { $0.errors > 0 }.map(\.name) == ["Broken"])
        let greeting = told.first { $0.durations.count == 3 }
        #expect(greeting?.sha256 == DocumentLookup.hash("query Greet { hello }") && greeting?.kind == "query")
        #expect(statistics.figures(.lastHour).count == told.count)
        await server.stop()
    }

    @Test func `a flood of names takes no more room than there is, and pushes out nothing that is in use`() async throws
    {
        let (server, statistics) = try start { $0.operations = 10 }
        _ = try server.post(#"{"query":"query Busy { hello }"}"#)
        for number in 0..<100 {
            _ = try server.post(#"{"query":"query Flood\#(number) { hello }"}"#)
            _ = try server.post(#"{"query":"query Busy { hello }"}"#)
        }
        let counts = statistics.counts
        #expect(counts.told == 10 && counts.untold == 91, "\(counts)")
        let told = statistics.figures(.sinceStart)
        #expect(told.first { $0.name == "Busy" }?.durations.count == 101)
        let long = String(repeating: "n", count: 5_000)
        #expect(told.allSatisfy { $0.name.count <= 100 && $0.name != long })
        await server.stop()
    }

    @Test func `who was not asked for in a while makes room`() async throws {
        let (server, statistics) = try start {
            $0.operations = 2
            $0.idle = .zero
        }
        for number in 0..<20 { _ = try server.post(#"{"query":"query Number\#(number) { hello }"}"#) }
        #expect(statistics.counts.told == 2 && statistics.counts.untold == 0)
        #expect(statistics.figures(.sinceStart).contains { $0.name == "Number19" })
        await server.stop()
    }

    @Test func `the last hour forgets, and what was since the start stays`() async throws {
        let (server, statistics) = try start {
            $0.parts = 2
            $0.part = .milliseconds(50)
        }
        _ = try server.post(#"{"query":"query Once { hello }"}"#)
        #expect(statistics.figures(.sinceStart).count == 1)
        for _ in 0..<100 where !statistics.figures(.lastHour).isEmpty { try await Task.sleep(for: .milliseconds(10)) }
        #expect(statistics.figures(.lastHour).isEmpty)
        #expect(statistics.figures(.sinceStart).first?.durations.count == 1)
        _ = try server.post(#"{"query":"query Once { hello }"}"#)
        #expect(statistics.figures(.sinceStart).first?.durations.count == 2)
        await server.stop()
    }

    // MARK: Endpoints

    @Test func `metrics are for those who know the token, where there is one`() async throws {
        let server = try TransportServer({
            $0.endpoints = .standard
            $0.endpoints.metricsToken = "a token of operators"
        })
        for wrong in [
            [:], ["authorization": "Bearer"], ["authorization": "Bearer a token"],
            ["authorization": "Basic a token of operators"], ["authorization": "Bearer a token of operators."],
        ] as [[String: String]] {
            let answer = try server.send("GET", "/metrics", wrong)
            #expect(answer.status == 401 && !answer.text.contains("atrium_"), "\(wrong)")
            #expect(answer.fields["www-authenticate"] == "Bearer realm=\"metrics\"")
        }
        let answer = try server.send("GET", "/metrics", ["authorization": "bearer a token of operators"])
        #expect(answer.status == 200 && answer.text.contains("atrium_ready 1\n"))
        await server.stop()
    }

    @Test func `it is not ready while it cannot do its work`() async throws {
        let state = State()
        let server = try TransportServer({
            $0.endpoints = .standard
            $0.canServe = { await state.canServe }
        })
        #expect(try server.send("GET", "/readyz").text == "ready\n")
        await state.set(false)
        let answer = try server.send("GET", "/readyz")
        #expect(answer.status == 503 && answer.text == "unavailable\n")
        #expect(try server.send("GET", "/healthz").status == 200)
        server.handler.configuration.readiness.end()
        await state.set(true)
        #expect(try server.send("GET", "/readyz").text == "draining\n")
        await server.stop()
    }

    private actor State {
        var canServe = true
        func set(_ value: Bool) { canServe = value }
    }
}
