import HTTPServer
import SocketTesting
import Testing

@Suite(.timeLimit(.minutes(3))) struct RouterTests {
    @Test func `routes are found by method and path`() async throws {
        var router = HTTPRouter()
        router.on(.get, "/health") { _, responder in responder.respond(.ok, text: "well") }
        router.on(.post, "/health") { _, responder in responder.respond(.ok, text: "posted") }
        router.on(.get, "/files/*") { request, responder in responder.respond(.ok, text: request.path.string) }
        let server = try TestServer(router)
        let client = try server.client()
        func ask(_ line: String, toHead: Bool = false) throws -> TestResponse {
            try client.send("\(line) HTTP/1.1\r\nHost: a\r\n\r\n")
            return try TestResponse(from: client, toHead: toHead)
        }
        #expect(try ask("GET /health?x").text == "well")
        #expect(try ask("POST /health").text == "posted")
        #expect(try ask("HEAD /health", toHead: true)["content-length"] == "4")
        #expect(try ask("GET /files/a/b").text == "/files/a/b")
        #expect(try ask("GET /files").status == 404)
        #expect(try ask("GET /health/").status == 404)
        let refused = try ask("DELETE /health")
        #expect(refused.status == 405 && refused["allow"] == "GET, POST, HEAD")
        await server.stop()
    }
}
