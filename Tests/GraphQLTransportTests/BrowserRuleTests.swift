import GraphQLSchema
import GraphQLTransport
import Testing

/// What pages of other sites can make a browser do.
@Suite(.timeLimit(.minutes(3))) struct BrowserRuleTests {
    private let query = "/graphql?query=%7Bhello%7D"
    private let body = #"{"query":"{ hello }"}"#

    @Test func `no request that a page can cause without being asked is executed`() async throws {
        let server = try TransportServer { $0.requiresPreflight = true }
        let forged = try server.send("GET", query)
        #expect(forged.status == 403 && forged.code == .string("PREFLIGHT_REQUIRED") && forged.data == nil)
        #expect(try server.send("HEAD", query).status == 403)
        #expect(try server.send("GET", query, ["graphql-require-preflight": ""]).status == 403)
        for type in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"] {
            #expect(try server.send("POST", "/graphql", ["content-type": type], body: body).status == 415)
        }
        #expect(try server.send("GET", query, ["graphql-require-preflight": "1"]).data?["hello"] == .string("world"))
        #expect(try server.send("GET", query, ["apollo-require-preflight": "1"]).status == 200)
        #expect(try server.post(body).status == 200)
        await server.stop()
    }

    @Test func `without a policy no page of another origin may read anything`() async throws {
        let server = try TransportServer()
        let answer = try server.post(body, ["origin": "https://evil.example"])
        #expect(answer.fields["access-control-allow-origin"] == nil)
        let preflight = try server.send(
            "OPTIONS",
            "/graphql",
            ["origin": "https://evil.example", "access-control-request-method": "POST"]
        )
        #expect(preflight.status == 204 && preflight.fields["access-control-allow-methods"] == nil)
        #expect(preflight.fields["allow"] == "GET, POST, OPTIONS")
        await server.stop()
    }

    @Test func `listed origins may read, with cookies when that was said`() async throws {
        let server = try TransportServer {
            $0.crossOrigin.origins = .listed(["https://shop.example"])
            $0.crossOrigin.allowsCredentials = true
        }
        let preflight = try server.send(
            "OPTIONS",
            "/graphql",
            ["origin": "https://shop.example", "access-control-request-method": "POST"]
        )
        #expect(preflight.status == 204 && preflight.fields["access-control-allow-origin"] == "https://shop.example")
        #expect(preflight.fields["access-control-allow-methods"] == "GET, POST, OPTIONS")
        #expect(preflight.fields["access-control-allow-headers"]?.contains("graphql-require-preflight") == true)
        #expect(preflight.fields["access-control-max-age"] == "600")
        let answer = try server.post(body, ["origin": "https://shop.example"])
        #expect(answer.fields["access-control-allow-origin"] == "https://shop.example")
        #expect(answer.fields["access-control-allow-credentials"] == "true")
        #expect(answer.fields["vary"]?.contains("origin") == true)
        #expect(answer.fields["access-control-expose-headers"] == "x-request-id, retry-after")
        let other = try server.post(body, ["origin": "https://shop.example.evil"])
        #expect(other.fields["access-control-expose-headers"] == nil)
        #expect(other.fields["access-control-allow-origin"] == nil && other.fields["vary"]?.contains("origin") == true)
        await server.stop()
    }

    @Test func `any origin may read, but never with cookies`() async throws {
        let server = try TransportServer {
            $0.crossOrigin.origins = .any
            $0.crossOrigin.allowsCredentials = true
        }
        let answer = try server.post(body, ["origin": "https://anyone.example"])
        #expect(answer.fields["access-control-allow-origin"] == "*")
        #expect(answer.fields["access-control-allow-credentials"] == nil)
        await server.stop()
    }

    @Test func `every answer keeps browsers from guessing and caches from keeping`() async throws {
        let server = try TransportServer()
        for answer in [try server.post(body), try server.post("{"), try server.send("PUT"), try server.send("OPTIONS")]
        {
            #expect(answer.fields["x-content-type-options"] == "nosniff")
            #expect(answer.fields["cache-control"] == "no-store")
        }
        await server.stop()
    }
}
