import AuditSchema
import GraphQLEngine
import GraphQLSchema
import GraphQLTransport
import Testing

/// What the playground asks besides GraphQL: what an operation would cost, and what it may offer.
@Suite(.timeLimit(.minutes(3))) struct PlaygroundToolsTests {
    private func estimate(_ server: TransportServer, _ body: String) throws -> TransportAnswer {
        try server.send("POST", "/graphql/playground/estimate", ["content-type": "application/json"], body: body)
    }

    @Test func `an estimate is what the answer tells later, and runs nothing`() async throws {
        var options = EngineOptions()
        options.extensions.cost = true
        let server = try TransportServer(options: options)
        let body = #"{"query":"mutation { setValue(value: \"new\") }"}"#
        let answer = try estimate(server, body)
        #expect(answer.status == 200 && answer.json?["limit"]?["points"] == .int(1_000))
        #expect(answer.json?["estimate"]?["points"] == .int(10) && answer.data == nil)
        #expect(try server.post(body).json?["extensions"]?["cost"]?["estimate"] == answer.json?["estimate"])
        let failing = #"{"query":"{ fail }"}"#
        #expect(try server.post(failing).hasErrors)
        #expect(try estimate(server, failing).json?["errors"] == nil, "a field that fails was not called")
        await server.stop()
    }

    @Test func `an operation beyond the limit has an estimate all the same`() async throws {
        var options = EngineOptions()
        options.limits.points = 5
        let server = try TransportServer(options: options)
        let body = #"{"query":"mutation { setValue(value: \"x\") }"}"#
        #expect(try server.post(body).code == .string("QUERY_TOO_COMPLEX"))
        let answer = try estimate(server, body)
        #expect(answer.json?["estimate"]?["points"] == .int(10) && answer.json?["limit"]?["points"] == .int(5))
        await server.stop()
    }

    @Test func `what cannot run is no failure of the page, and says why`() async throws {
        let server = try TransportServer()
        for query in ["{ nothing }", "{ hello", "query A { hello } query B { hello }"] {
            let answer = try estimate(server, Value.object([Value.Field("query", .string(query))]).json)
            #expect(answer.status == 200 && answer.hasErrors && answer.json?["estimate"] == nil, "\(query)")
        }
        let open = try estimate(server, #"{"query":"query ($a: Int!) { add(a: $a, b: 1) }"}"#)
        #expect(open.json?["estimate"]?["points"] == .int(0))
        #expect(open.json?["errors"] != nil)
        await server.stop()
    }

    @Test func `estimates are asked under the rules of requests`() async throws {
        let server = try TransportServer()
        let path = "/graphql/playground/estimate"
        #expect(try server.send("GET", path).status == 405)
        #expect(try server.send("POST", path, ["content-type": "text/plain"], body: "{}").status == 415)
        #expect(try estimate(server, "no JSON").status == 400)
        #expect(try estimate(server, "[]").status == 400)
        let closed = try TransportServer { $0.connect = { _ in throw ConnectionRefused("Nobody may.") } }
        #expect(try estimate(closed, #"{"query":"{ hello }"}"#).status == 401)
        let none = try TransportServer { $0.playground = nil }
        #expect(try estimate(none, #"{"query":"{ hello }"}"#).status == 404)
        for server in [server, closed, none] { await server.stop() }
    }

    @Test func `only people whom the server names are offered`() async throws {
        let server = try TransportServer()
        let offers = try server.send("GET", "/graphql/playground/offers")
        #expect(offers.status == 200 && offers.text == #"{"estimate":true}"#)
        let other = try TransportServer {
            $0.playground?.mails = "/sent"
            $0.playground?.signIn = PlaygroundSignIn(
                document: "mutation { in }",
                tokenPath: ["in"],
                ending: "mutation { out }",
                people: [.init(name: "Ida", note: "may all", variables: .object([Value.Field("a", .int(1))]))]
            )
        }
        let told = try other.send("GET", "/graphql/playground/offers").json
        let signIn = told?["signIn"]
        #expect(told?["mails"] == .string("/sent"))
        #expect(signIn?["query"] == .string("mutation { in }") && signIn?["token"] == .list([.string("in")]))
        #expect(signIn?["ending"] == .string("mutation { out }"))
        guard case .list(let people)? = signIn?["people"] else { throw SchemaMissing() }
        #expect(people.first?["name"] == .string("Ida") && people.first?["variables"]?["a"] == .int(1))
        for server in [server, other] { await server.stop() }
    }

    private struct SchemaMissing: Error {}
}
