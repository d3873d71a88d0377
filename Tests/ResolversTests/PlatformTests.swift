import GraphQLEngine
import GraphQLSchema
import Resolvers
import Testing

@Suite(.timeLimit(.minutes(3))) struct PlatformTests {
    private func request(_ document: String) -> Request { Request(document: Array(document.utf8)) }
    private var context: RequestContext {
        RequestContext(LoadingContext(), ServerParts(ServerFacts(version: "1.2.3") { 1_000 }))
    }

    @Test(arguments: [
        (
            "{ serverInfo { version startedAtSeconds uptimeSeconds capabilities } }",
            #"{"data":{"serverInfo":{"version":"1.2.3","startedAtSeconds":1000,"uptimeSeconds":0,"capabilities":["ON_ERROR","GRAPHQL_TRANSPORT_WS","GRAPHQL_SSE"]}}}"#
        ),
        ("mutation { ping }", #"{"data":{"ping":"pong"}}"#),
    ])
    func `the server answers for itself`(document: String, json: String) async throws {
        let response = await (try Engine.application()).execute(request(document), in: context)
        #expect(String(decoding: response.bytes, as: UTF8.self) == json)
    }

    @Test func `what the program presents of faults is what clients see`() async throws {
        var options = EngineOptions()
        options.present = { _ in GraphQLError("as the program says") }
        let engine = try Engine.application(options)
        // The context has no database.
        let response = await engine.execute(request("{ node(id: \"User:1\") { id } }"), in: context)
        #expect(String(decoding: response.bytes, as: UTF8.self).contains("as the program says"))
    }

    @Test func `the heartbeat begins at once`() async throws {
        let engine = try Engine.application()
        guard
            case .stream(let stream) = await engine.subscribe(
                request("subscription { heartbeat { number atSeconds } }"),
                in: context
            )
        else {
            Issue.record("the subscription was refused")
            return
        }
        let first = try #require(try await stream.next())
        #expect(
            String(decoding: first.bytes, as: UTF8.self) == #"{"data":{"heartbeat":{"number":1,"atSeconds":1000}}}"#
        )
    }

    @Test(arguments: ["0", "301"]) func `a heartbeat out of bounds is refused`(seconds: String) async throws {
        let engine = try Engine.application()
        let outcome = await engine.subscribe(
            request("subscription { heartbeat(everySeconds: \(seconds)) { number } }"),
            in: context
        )
        guard case .refused(let response) = outcome else {
            Issue.record("the subscription was not refused")
            return
        }
        let json = String(decoding: response.bytes, as: UTF8.self)
        #expect(json.contains("BAD_USER_INPUT") && json.contains(#"["heartbeat","everySeconds"]"#))
    }
}
