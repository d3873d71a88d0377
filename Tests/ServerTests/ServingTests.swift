import EventLoop
import Foundation
import GraphQLEngine
import GraphQLTransport
import PostgresTesting
import SocketTesting
import Testing

@testable import Server

/// Where the server is reached, by whom, and what an operation may cost.
@Suite(.timeLimit(.minutes(3))) struct ServingTests {
    private func problems(_ environment: [String: String], _ files: [String: String] = [:]) -> [String] {
        do throws(Configuration.Fault) {
            _ = try Configuration(environment) { files[$0] }
            return []
        } catch { return error.problems }
    }

    @Test func `an address, origins and documents that cannot be used are told`() {
        let manifest = ["ATRIUM_TRUSTED_DOCUMENTS": "only", "ATRIUM_TRUSTED_DOCUMENTS_MANIFEST": "m.json"]
        #expect(
            problems([
                "ATRIUM_HOST": "localhost", "ATRIUM_TLS_KEY": "key.pem", "CORS_ORIGIN": "https://a.example, b.example/",
                "ATRIUM_TRUSTED_DOCUMENTS": "only", "ATRIUM_MAX_DEPTH": "0",
            ]) == [
                "ATRIUM_HOST must be an address such as 127.0.0.1, 0.0.0.0 or ::, not \"localhost\"",
                "ATRIUM_TLS_CERTIFICATE and ATRIUM_TLS_KEY go together: set both or none",
                "CORS_ORIGIN must be * or origins such as https://app.example, not \"b.example/\"",
                "ATRIUM_TRUSTED_DOCUMENTS_MANIFEST must name a file",
                "ATRIUM_MAX_DEPTH must be a number from 1 to 200, not \"0\"",
            ]
        )
        let name = "ATRIUM_TRUSTED_DOCUMENTS_MANIFEST"
        #expect(problems(manifest) == ["\(name) names a file that cannot be read"])
        #expect(
            problems(manifest, ["m.json": "[]"]) == ["\(name) must name a JSON object: the documents by their ids"]
        )
        #expect(problems(manifest, ["m.json": #"{"a": 1}"#]) == [#"\#(name): the document of "a" must be a string"#])
        #expect(problems(manifest, ["m.json": #"{"a": "{ __typename }"}"#]) == [])
    }

    @Test func `a manifest may be as large as an application makes it, up to 16 MiB`() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "manifest-\(UUID().uuidString).json").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let settings = ["ATRIUM_TRUSTED_DOCUMENTS": "only", "ATRIUM_TRUSTED_DOCUMENTS_MANIFEST": path]
        let documents = (0..<2_000).map { #""operation\#($0)": "query { serverInfo { version \#($0) } }""# }
        try Data("{\(documents.joined(separator: ","))}".utf8).write(to: URL(filePath: path))
        #expect(try Data(contentsOf: URL(filePath: path)).count > 100 << 10)
        guard case .only = try Configuration(settings, readFile: TextFile.read).serving.trustedDocuments else {
            Issue.record("the manifest was not taken")
            return
        }
        try Data(count: TextFile.limit + 1).write(to: URL(filePath: path))
        do throws(Configuration.Fault) {
            _ = try Configuration(settings, readFile: TextFile.read)
            Issue.record("the manifest was taken")
        } catch {
            #expect(
                error.problems == [
                    "ATRIUM_TRUSTED_DOCUMENTS_MANIFEST names a file that cannot be used: "
                        + "\(path) is larger than 16 MiB"
                ]
            )
        }
    }

    @Test func `limits, origins and hosts are what was set`() throws {
        let serving = try Configuration([
            "ATRIUM_HOST": "::", "ATRIUM_PORT": "1", "ATRIUM_MAX_DEPTH": "7", "ATRIUM_MAX_COST": "70",
            "ATRIUM_BODY_BYTES": "2048", "ATRIUM_CONNECTIONS": "9", "ATRIUM_SEND_SECONDS": "8",
            "CORS_ORIGIN": "https://a.example, http://b.example:8080",
        ]) { _ in nil }.serving
        #expect("\(serving.address)" == "[::]:1")
        #expect(serving.limits.depth == 7 && serving.limits.points == 70 && serving.bodyBytes == 2_048)
        #expect(serving.loops.maximumStreams == 9 && serving.loops.sendTimeout == .seconds(8))
        guard case .listed(let origins) = serving.origins else {
            Issue.record("\(serving.origins)")
            return
        }
        #expect(origins == ["https://a.example", "http://b.example:8080"])
    }

    @Test func `the origin that clients see is that of the public address`() throws {
        for (address, origin) in [
            "https://API.example:443/base/": "https://api.example", "http://api.example:80": "http://api.example",
            "api.example": nil, "ftp://api.example": nil,
        ] {
            #expect(
                try Configuration(["PUBLIC_URL": address]) { _ in nil }.serving.publicOrigin == origin,
                "\(address)"
            )
        }
    }

    @Test func `cookies are for origins that are listed, and over TLS where people rely on them`() throws {
        #expect(
            problems(["ATRIUM_COOKIES": "on", "CORS_ORIGIN": "*"]) == [
                "ATRIUM_COOKIES must be off where CORS_ORIGIN is *: list the origins that may use cookies"
            ]
        )
        let production = [
            "APP_ENV": "production", "DATABASE_URL": "postgres://db", "JWT_SECRET": "Zt8mQ2vK7wXc4RbN9pLs6HdJ3fGyT5aU",
            "ENCRYPTION_KEYS": "1:xHKCZUPaW4NQXmAgL7J9lphgQY8QyrYrTI1fzait5fQ=", "ATRIUM_COOKIES": "on",
        ]
        #expect(problems(production).filter { $0.hasPrefix("ATRIUM_COOKIES") }.count == 1)
        let encrypted = production.merging(["PUBLIC_URL": "https://api.example"]) { $1 }
        #expect(problems(encrypted) == [])
        #expect(try Configuration(encrypted) { _ in nil }.serving.cookies?.isEncrypted == true)
        #expect(try Configuration(["ATRIUM_COOKIES": "on"]) { _ in nil }.serving.cookies?.isEncrypted == false)
        #expect(try Configuration([:]) { _ in nil }.serving.cookies == nil)
    }

    @Test func `the schema is kept back in production, unless it is wanted`() throws {
        let production = [
            "APP_ENV": "production", "DATABASE_URL": "postgres://db", "JWT_SECRET": "Zt8mQ2vK7wXc4RbN9pLs6HdJ3fGyT5aU",
            "ENCRYPTION_KEYS": "1:xHKCZUPaW4NQXmAgL7J9lphgQY8QyrYrTI1fzait5fQ=",
        ]
        #expect(try Configuration([:]) { _ in nil }.serving.allowsIntrospection)
        #expect(try !Configuration(production) { _ in nil }.serving.allowsIntrospection)
        let open = production.merging(["ATRIUM_INTROSPECTION": "on"]) { $1 }
        #expect(try Configuration(open) { _ in nil }.serving.allowsIntrospection)
    }

    @Test func `it serves what its settings allow and nothing else`() throws {
        let manifest = FileManager.default.temporaryDirectory.appending(path: "manifest-\(UUID().uuidString).json")
        try Data(#"{"sha256:version": "{ serverInfo { version } }"}"#.utf8).write(to: manifest)
        defer { try? FileManager.default.removeItem(at: manifest) }
        let server = try ServerProcess([
            "ATRIUM_TRUSTED_DOCUMENTS": "prefer", "ATRIUM_TRUSTED_DOCUMENTS_MANIFEST": manifest.path,
            "ATRIUM_INTROSPECTION": "off", "ATRIUM_MAX_DEPTH": "2", "CORS_ORIGIN": "https://app.example",
            "PUBLIC_URL": "https://api.example/",
        ])
        // A page of the address that clients see, behind a proxy that ends TLS; one of a listed origin; one of another.
        for (origin, status) in [
            ("https://api.example", 101), ("https://app.example", 101), ("https://b.example", 403),
        ] {
            #expect(try server.handshake(origin: origin).hasPrefix("HTTP/1.1 \(status) "), "\(origin)")
        }
        let preflight = try server.preflight()
        #expect(preflight.contains("idempotency-key") && preflight.contains("traceparent"), "\(preflight)")
        let trusted = try server.post(#"{"documentId": "sha256:version"}"#)
        #expect(trusted.contains(#"{"data":{"serverInfo":{"version":"#), "\(trusted)")
        #expect(trusted.contains("access-control-allow-origin: https://app.example\r\n"), "\(trusted)")
        #expect(trusted.contains("access-control-expose-headers: x-request-id, retry-after, ratelimit-"), "\(trusted)")
        let schema = try server.post(#"{"query": "{ __schema { queryType { name } } }"}"#)
        #expect(schema.contains("introspection") && !schema.contains("queryType\":{"), "\(schema)")
        let guess = try server.post(#"{"query": "{ serverInf { version } }"}"#)
        #expect(guess.contains("Cannot query field") && !guess.contains("Did you mean"), "\(guess)")
        let deep = try server.post(#"{"query": "{ serverInfo { database { version } } }"}"#)
        #expect(deep.contains("QUERY_TOO_DEEP"), "\(deep)")
        #expect(try server.get("/schema.graphql").hasPrefix("HTTP/1.1 404 "))
    }

    @Test func `a certificate is read anew when the server is told to, and kept when the new one is bad`() throws {
        let certificate = try TestCertificate(commonName: "first")
        let server = try ServerProcess([
            "ATRIUM_TLS_CERTIFICATE": certificate.certificateFile, "ATRIUM_TLS_KEY": certificate.keyFile,
        ])
        #expect(server.line.contains("https://127.0.0.1:"))
        #expect(try TestTLSSocket(port: server.port).commonName == "first")
        try certificate.write(commonName: "second")
        #expect(try server.reload() == "the certificate was read anew")
        #expect(try TestTLSSocket(port: server.port).commonName == "second")
        try Data("no certificate".utf8).write(to: URL(filePath: certificate.certificateFile))
        #expect(try server.reload().hasPrefix("error: the certificate stays as it was: "))
        #expect(try TestTLSSocket(port: server.port).commonName == "second")
    }
}
