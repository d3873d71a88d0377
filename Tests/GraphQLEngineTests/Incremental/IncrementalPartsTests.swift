import GraphQLEngine
import GraphQLSchema
import Synchronization
import Testing

/// Which parts an answer has, with nulls, errors and fragments in each other.
@Suite struct IncrementalPartsTests {
    private let schema = """
        type Query { hero: Person people: [Person!] strict: [Person!]! rows: [[Int]] }
        type Person { name: String! nick: String friend: Person friends: [Person!]! }
        """

    private func parts(
        _ document: String,
        _ root: [String: DynamicValue],
        onError: ErrorBehavior = .propagate
    ) async throws -> [String] {
        let schema = try DynamicSchema(sdl: schema)
        let request = Request(document: Array(document.utf8), onError: onError)
        var parts: [String] = []
        try await schema.execute(request, root: DynamicObject(fields: root), as: .current) { part in
            parts.append(String(decoding: part.bytes, as: UTF8.self))
            #expect(part.hasNext == !parts[parts.count - 1].hasSuffix(#""hasNext":false}"#) || parts.count == 1)
        }
        return parts
    }

    private func person(_ name: String?, _ fields: [String: DynamicValue] = [:]) -> DynamicValue {
        let name = name.map { DynamicValue.leaf(.string($0)) } ?? .null
        return .object(DynamicObject(fields: fields.merging(["name": name]) { $1 }))
    }

    @Test func `what stands below a null never comes`() async throws {
        let parts = try await parts(
            "{ hero { name ... @defer { nick } friend { nick ... @defer { name } } } }",
            ["hero": person(nil, ["friend": person("F")])]
        )
        #expect(parts.count == 1)
        #expect(parts[0].hasSuffix(#""data":{"hero":null}}"#))
    }

    @Test func `a null in a deferred fragment fails the fragment and nothing else`() async throws {
        let parts = try await parts(
            "{ people { nick ... @defer { name friends { ... @defer { name } } } } }",
            ["people": .list([person("A", ["friends": .list([person("B")])]), person(nil, ["friends": .list([])])])]
        )
        #expect(
            parts == [
                #"{"data":{"people":[{"nick":null},{"nick":null}]},"pending":[{"id":"0","path":["people",0]},{"id":"1","path":["people",1]}],"hasNext":true}"#,
                #"{"pending":[{"id":"2","path":["people",0,"friends",0]}],"incremental":[{"data":{"name":"A","friends":[{}]},"id":"0"},{"data":{"name":"B"},"id":"2"}],"completed":[{"id":"0"},{"id":"1","errors":[{"message":"Cannot return null for non-nullable field Person.name.","locations":[{"line":1,"column":30}],"path":["people",1,"name"]}]},{"id":"2"}],"hasNext":false}"#,
            ]
        )
    }

    @Test func `a list that must not hold null ends at its first null`() async throws {
        let people = DynamicValue.list([
            person("A"), person("B", ["nick": .error(GraphQLError("no"))]), person(nil), person("D"),
        ])
        let parts = try await parts("{ people @stream(initialCount: 1) { name nick } }", ["people": people])
        #expect(
            parts.last
                == #"{"incremental":[{"items":[{"name":"B","nick":null}],"errors":[{"message":"no","locations":[{"line":1,"column":42}],"path":["people",1,"nick"]}],"id":"0"}],"completed":[{"id":"0","errors":[{"message":"Cannot return null for non-nullable field Person.name.","locations":[{"line":1,"column":37}],"path":["people",2,"name"]}]}],"hasNext":false}"#
        )
    }

    @Test func `with onError NULL no part fails, with HALT every error does`() async throws {
        let document = "{ people { nick ... @defer { name } } }"
        let root = ["people": DynamicValue.list([person("A"), person(nil)])]
        let null = try await parts(document, root, onError: .null)
        #expect(null.last?.contains(#"{"data":{"name":null},"errors":["#) == true)
        #expect(null.last?.contains(#""completed":[{"id":"0"},{"id":"1"}]"#) == true)
        let halt = try await parts(document, root, onError: .halt)
        #expect(halt.last?.contains(#""completed":[{"id":"0"},{"id":"1","errors":["#) == true)
        let initial = try await parts(
            "{ strict { name ... @defer { nick } } }",
            ["strict": .list([person(nil)])],
            onError: .halt
        )
        #expect(initial.count == 1)
    }

    @Test func `of lists in lists the outer one is streamed`() async throws {
        let rows = DynamicValue.list((0..<3).map { .list([.leaf(.int($0)), .null]) } + [.null])
        let parts = try await parts("{ rows @stream(initialCount: 1) }", ["rows": rows])
        #expect(parts.first?.hasPrefix(#"{"data":{"rows":[[0,null]]},"#) == true)
        #expect(parts.last?.hasPrefix(#"{"incremental":[{"items":[[1,null],[2,null],null],"id":"0"}]"#) == true)
    }

    @Test func `introspection in parts is the same each time`() async throws {
        let schema = try DynamicSchema(sdl: schema)
        let document = "{ __schema { queryType { name } ... @defer { types @stream(initialCount: 1) { name } } } }"
        var answers: [[String]] = []
        for _ in 0..<3 {
            var parts: [String] = []
            let request = Request(document: Array(document.utf8))
            try await schema.execute(request, root: DynamicObject(fields: [:]), as: .current) { part in
                parts.append(String(decoding: part.bytes, as: UTF8.self))
            }
            answers.append(parts)
        }
        #expect(answers[0].count == 2)
        #expect(answers[1] == answers[0] && answers[2] == answers[0])
    }

    @Test func `what two fragments share comes once, with the first that is complete`() async throws {
        let parts = try await parts(
            "{ ... @defer(label: \"a\") { hero { name } } ... @defer(label: \"b\") { hero { name nick } } }",
            ["hero": person("A")]
        )
        #expect(
            parts.last
                == #"{"incremental":[{"data":{"hero":{"name":"A"}},"id":"0"},{"data":{"nick":null},"id":"1","subPath":["hero"]}],"completed":[{"id":"0"},{"id":"1"}],"hasNext":false}"#
        )
    }

    @Test func `a fragment that waits does not hold up another`() async throws {
        let gate = Gate()
        let slow = DynamicValue.resolver { _ in
            await gate.wait()
            return .leaf(.string("slow"))
        }
        let schema = try DynamicSchema(sdl: schema)
        let document = "{ hero { ... @defer(label: \"slow\") { nick } ... @defer(label: \"fast\") { name } } }"
        var parts: [String] = []
        try await schema.execute(
            Request(document: Array(document.utf8)),
            root: DynamicObject(fields: ["hero": person("A", ["nick": slow])]),
            as: .current
        ) { part in
            parts.append(String(decoding: part.bytes, as: UTF8.self))
            // The slow one may go on only when the fast one is delivered.
            if parts.count == 2 { gate.open() }
        }
        try #require(parts.count == 3)
        #expect(
            parts[1] == #"{"incremental":[{"data":{"name":"A"},"id":"1"}],"completed":[{"id":"1"}],"hasNext":true}"#
        )
        #expect(
            parts[2] == #"{"incremental":[{"data":{"nick":"slow"},"id":"0"}],"completed":[{"id":"0"}],"hasNext":false}"#
        )
    }

    @Test func `a client that leaves ends what still runs`() async throws {
        struct Gone: Error {}
        let isCancelled = Mutex(false)
        let endless = DynamicValue.resolver { _ in
            do { try await Task.sleep(for: .seconds(600)) } catch { isCancelled.withLock { $0 = true } }
            return .null
        }
        let schema = try DynamicSchema(sdl: schema)
        let request = Request(document: Array("{ hero { ... @defer { nick } ... @defer { name } } }".utf8))
        var count = 0
        await #expect(throws: Gone.self) {
            try await schema.execute(
                request,
                root: DynamicObject(fields: ["hero": person("A", ["nick": endless])]),
                as: .current
            ) { _ in
                count += 1
                if count == 2 { throw Gone() }
            }
        }
        #expect(isCancelled.withLock { $0 })
    }

    @Test func `nothing of a request is kept when its client has left, early or late`() async throws {
        struct Gone: Error {}
        let schema = try DynamicSchema(sdl: schema)
        for last in 1...3 {
            weak var kept: Token?
            let request = Request(
                document: Array("{ hero { ... @defer { nick friend { ... @defer { nick } } } } }".utf8)
            )
            do {
                let token = Token()
                kept = token
                let friend = person("B", ["nick": .resolver { _ in .leaf(.string("\(token.text)")) }])
                let root = DynamicObject(fields: ["hero": person("A", ["friend": friend])])
                var count = 0
                try? await schema.execute(request, root: root, as: .current) { _ in
                    count += 1
                    if count == last { throw Gone() }
                }
            }
            #expect(kept == nil)
        }
    }

    @Test func `a cancelled request delivers nothing more`() async throws {
        let schema = try DynamicSchema(sdl: schema)
        let request = Request(document: Array("{ hero { name ... @defer { nick } } }".utf8))
        let started = Gate()
        let endless = DynamicValue.resolver { _ in
            started.open()
            try await Task.sleep(for: .seconds(600))
            return .null
        }
        let root = DynamicObject(fields: ["hero": person("A", ["nick": endless])])
        let delivered = Locked(0)
        let task = Task {
            try await schema.execute(request, root: root, as: .current) { _ in delivered.increment() }
        }
        await started.wait()
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(delivered.current == 1)
    }
}

private final class Token: Sendable {
    let text = "token"
}

/// Lets a task wait until another one is so far.
private final class Gate: Sendable {
    private let state = Mutex<(isOpen: Bool, waiting: [CheckedContinuation<Void, Never>])>((false, []))

    func open() {
        let waiting = state.withLock { state in
            defer { state = (true, []) }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    func wait() async {
        await withCheckedContinuation { continuation in
            let isOpen = state.withLock { state in
                if !state.isOpen { state.waiting.append(continuation) }
                return state.isOpen
            }
            if isOpen { continuation.resume() }
        }
    }
}
