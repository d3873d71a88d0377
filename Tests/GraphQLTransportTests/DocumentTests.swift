import GraphQLSchema
import GraphQLTransport
import Testing

/// Documents that are asked for by name, and requests that come in arrays.
@Suite(.timeLimit(.minutes(3))) struct DocumentTests {
    private func persisted(_ hash: String, query: String? = nil, version: Int = 1) -> String {
        let text = query.map { #""query":\#($0.quotedAsJSON),"# } ?? ""
        return #"{\#(text)"extensions":{"persistedQuery":{"version":\#(version),"sha256Hash":"\#(hash)"}}}"#
    }

    /// SHA-256 of `{ hello }`.
    private let helloHash = "001c3174e099bd72b729d0c0a529ba9f5a740c446e2a6e1d71b283cb84ec3065"

    @Test func `a persisted query is sent once and asked for by its hash from then on`() async throws {
        let server = try TransportServer { $0.persistedQueries = MemoryDocumentStore() }
        let unknown = try server.post(persisted(helloHash))
        #expect(unknown.message == "PersistedQueryNotFound" && unknown.status == 200)
        #expect(unknown.code == .string("PERSISTED_QUERY_NOT_FOUND"))
        #expect(try server.post(persisted(helloHash, query: "{ hello }")).data?["hello"] == .string("world"))
        #expect(try server.post(persisted(helloHash)).data?["hello"] == .string("world"))
        let byURL =
            "/graphql?extensions=%7B%22persistedQuery%22:%7B%22version%22:1,%22sha256Hash%22:%22\(helloHash)%22%7D%7D"
        #expect(try server.send("GET", byURL).data?["hello"] == .string("world"))
        #expect(try server.post(#"{"documentId":"sha256:\#(helloHash)"}"#).data?["hello"] == .string("world"))
        await server.stop()
    }

    @Test func `nobody can put a document under a hash that is not its own, or keep an invalid one`() async throws {
        let server = try TransportServer { $0.persistedQueries = MemoryDocumentStore() }
        let wrong = try server.post(persisted(helloHash, query: "{ fail }"))
        #expect(wrong.code == .string("PERSISTED_QUERY_HASH_MISMATCH") && wrong.data == nil)
        #expect(try server.post(persisted(helloHash)).message == "PersistedQueryNotFound")
        #expect(try server.post(persisted(helloHash, query: "{ hello }", version: 2)).hasErrors)
        let invalid = "919c0b7aa452b0b2fb42688461501bb8b0c3ef3b9d05ce7b9afd4f28bbe96ceb"
        #expect(try server.post(persisted(invalid, query: "{ nothing }")).data == nil)
        #expect(try server.post(persisted(invalid)).message == "PersistedQueryNotFound")
        await server.stop()
    }

    @Test func `a server without persisted queries says so`() async throws {
        let server = try TransportServer()
        #expect(try server.post(persisted(helloHash)).message == "PersistedQueryNotSupported")
        #expect(try server.post(persisted(helloHash, query: "{ hello }")).data?["hello"] == .string("world"))
        await server.stop()
    }

    @Test func `trusted documents run by their names, and alone when nothing else may`() async throws {
        let manifest = DocumentManifest(["greet": "query Greet { hello }"])
        let preferring = try TransportServer { $0.trustedDocuments = .prefer(manifest) }
        #expect(try preferring.post(#"{"documentId":"greet"}"#).data?["hello"] == .string("world"))
        #expect(try preferring.post(#"{"query":"{ hello }"}"#).data?["hello"] == .string("world"))
        let strict = try TransportServer { $0.trustedDocuments = .only(manifest) }
        #expect(try strict.post(#"{"documentId":"greet"}"#).data?["hello"] == .string("world"))
        #expect(try strict.post(#"{"query":"{ hello }"}"#).code == .string("TRUSTED_DOCUMENT_REQUIRED"))
        #expect(try strict.post(#"{"documentId":"other","query":"{ hello }"}"#).message == "PersistedQueryNotFound")
        await preferring.stop()
        await strict.stop()
    }

    @Test func `a store in memory forgets what nobody asks for, and never grows beyond its limit`() async throws {
        let store = MemoryDocumentStore(byteLimit: 1_000)
        await store.keep("kept", as: "kept")
        for number in 0..<1_000 {
            await store.keep(String(repeating: "x", count: 90), as: "\(number)")
            #expect(await store.document("kept") == "kept")
        }
        var found = 0
        for number in 0..<1_000 where await store.document("\(number)") != nil { found += 1 }
        #expect((1...10).contains(found))
        await store.keep(String(repeating: "x", count: 501), as: "large")
        #expect(await store.document("large") == nil)
    }

    @Test func `arrays of requests are refused, or answered in order up to a limit`() async throws {
        let server = try TransportServer { $0.maximumBatch = 3 }
        let answer = try server.post(
            #"[{"query":"{ slow(ms: 30) }"},{"query":"{"},{"query":"mutation { setValue(value: \"v\") }"}]"#
        )
        guard case .list(let answers)? = answer.json else { throw Missing() }
        #expect(answer.status == 200 && answers.count == 3)
        #expect(answers[0]["data"]?["slow"] == .string("slow") && answers[1]["data"] == nil)
        #expect(answers[2]["data"]?["setValue"] == .string("v"))
        #expect(try server.post("[]").status == 400)
        #expect(try server.post("[{},{},{},{}]").status == 400)
        guard case .list(let bad)? = try server.post(#"[7,{"query":"subscription { greetings }"}]"#).json else {
            throw Missing()
        }
        #expect(bad.count == 2 && bad.allSatisfy { $0["data"] == nil && $0["errors"] != nil })
        await server.stop()
    }

    private struct Missing: Error {}
}
