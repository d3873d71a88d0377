import Foundation
import GraphQLSchema
import GraphQLTransport
import Testing

/// The page for browsers: who gets it, what it may do, how its files are kept.
@Suite(.timeLimit(.minutes(3))) struct PlaygroundTests {
    private static let browser = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../Sources/CPlayground/page").standardizedFileURL.path

    private func page(_ server: TransportServer, _ fields: [String: String] = [:]) throws -> TransportAnswer {
        try server.send("GET", "/graphql", ["accept": Self.browser].merging(fields) { $1 })
    }

    /// The addresses of the page's files.
    private func files(_ page: TransportAnswer) -> [String] {
        page.text.matches(of: /(?:href|src)="([^"]+)"/).map { "/" + $0.output.1 }
    }

    @Test func `browsers get a page and programs get GraphQL`() async throws {
        let server = try TransportServer()
        let page = try page(server)
        #expect(page.status == 200 && page.type == "text/html; charset=utf-8" && page.text.hasPrefix("<!doctype html>"))
        #expect(try server.send("HEAD", "/graphql", ["accept": Self.browser]).type == "text/html; charset=utf-8")
        let query = "/graphql?query=%7Bhello%7D"
        for accept in ["*/*", "application/json", "application/json, text/html;q=0.9", "text/html;q=0, */*"] {
            #expect(try server.send("GET", query, ["accept": accept]).data?["hello"] == .string("world"), "\(accept)")
        }
        #expect(try server.post(#"{"query":"{ hello }"}"#, ["accept": Self.browser]).status == 200)
        await server.stop()
    }

    @Test func `an address that a page was led to executes nothing`() async throws {
        let server = try TransportServer { $0.requiresPreflight = true }
        let target = "/graphql?query=mutation%7BsetValue(value:%22x%22)%7D"
        let answer = try server.send("GET", target, ["accept": Self.browser])
        #expect(answer.status == 200 && answer.data == nil && answer.text.hasPrefix("<!doctype html>"))
        #expect(try server.send("GET", target, ["accept": "*/*"]).status == 403)
        await server.stop()
    }

    @Test func `the page may run its own files and nothing else`() async throws {
        let server = try TransportServer()
        let page = try page(server)
        let policy = page.fields["content-security-policy"] ?? ""
        let rules = [
            "default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'", "base-uri 'none'",
            "form-action 'none'", "frame-ancestors 'none'", "require-trusted-types-for 'script'",
        ]
        for rule in rules { #expect(policy.contains(rule), "\(rule)") }
        #expect(!policy.contains("unsafe"))
        #expect(page.fields["x-frame-options"] == "DENY" && page.fields["referrer-policy"] == "no-referrer")
        #expect(
            page.text.firstMatch(of: /<script(?![^>]*src=)/) == nil
                && page.text.firstMatch(of: /<style| style=| on[a-z]+=/) == nil
        )
        #expect(page.text.firstMatch(of: /https?:/) == nil, "everything comes from this server")
        await server.stop()
    }

    @Test func `files are named by their content and kept for ever`() async throws {
        let server = try TransportServer()
        let files = files(try page(server))
        #expect(files.count > 20)
        for file in files {
            let answer = try server.send("GET", file)
            #expect(answer.status == 200, "\(file)")
            #expect(answer.fields["cache-control"] == "public, max-age=31536000, immutable")
            #expect(answer.fields["x-content-type-options"] == "nosniff")
            let type = file.hasSuffix(".js") ? "text/javascript" : file.hasSuffix(".css") ? "text/css" : "image/svg+xml"
            #expect(answer.type.hasPrefix(type))
        }
        await server.stop()
    }

    @Test func `what a browser has is not sent again`() async throws {
        let server = try TransportServer()
        let first = try page(server)
        let tag = try #require(first.fields["etag"])
        #expect(tag.hasPrefix("\"") && first.fields["cache-control"] == "no-cache")
        #expect(try page(server, ["if-none-match": "\"other\", \(tag)"]).status == 304)
        #expect(try page(server, ["if-none-match": "\"other\""]).status == 200)
        let packed = try page(server, ["accept-encoding": "gzip", "if-none-match": tag])
        #expect(packed.status == 200 && packed.fields["content-encoding"] == "gzip" && packed.fields["etag"] != tag)
        let length = try #require(packed.fields["content-length"].flatMap { Int($0) })
        #expect(length < first.text.utf8.count / 2)
        await server.stop()
    }

    @Test func `every file of the folder is in the binary`() async throws {
        let server = try TransportServer()
        let base = try #require(files(try page(server)).first { $0.hasSuffix("/main.js") }).dropLast("main.js".count)
        let names = try #require(FileManager.default.enumerator(atPath: Self.folder)).compactMap { $0 as? String }
        #expect(names.count > 20)
        for name in names where name.contains(".") {
            let answer = try server.send("GET", base + name)
            let text = try String(contentsOfFile: "\(Self.folder)/\(name)", encoding: .utf8)
            #expect(answer.status == 200 && answer.text == text, "\(name) belongs into assets.c")
        }
        await server.stop()
    }

    @Test func `it can be switched off`() async throws {
        let server = try TransportServer { $0.playground = nil }
        #expect(try page(server).type.hasPrefix("application/"))
        #expect(try server.send("GET", "/graphql/playground/x/main.js").status == 404)
        await server.stop()
    }

    @Test func `a folder for development is read anew and cannot be left`() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(
            at: folder.appendingPathComponent("page"),
            withIntermediateDirectories: true
        )
        defer { try? FileManager.default.removeItem(at: folder) }
        let script = folder.appendingPathComponent("page/main.js")
        try "secret".write(to: folder.appendingPathComponent("secret.js"), atomically: true, encoding: .utf8)
        let server = try TransportServer { $0.playground?.developmentFolder = folder.path + "/page" }
        for text in ["one", "two"] {
            try text.write(to: script, atomically: true, encoding: .utf8)
            let answer = try server.send("GET", "/graphql/playground/development/main.js")
            #expect(answer.text == text && answer.fields["cache-control"] == "no-cache")
        }
        for name in [
            "../secret.js", "%2e%2e/secret.js", "./../secret.js", "/secret.js", "a//../../secret.js", "none.js", "",
        ] {
            let answer = try server.send("GET", "/graphql/playground/development/\(name)")
            #expect(answer.status == 404 || answer.status == 400, "\(name)")
        }
        #expect(try server.send("POST", "/graphql/playground/development/main.js", body: "x").status == 405)
        await server.stop()
    }
}
