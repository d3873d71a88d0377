import GraphQLEngine
import GraphQLSchema
import Testing

@Suite struct SubscriptionTests {
    private let sdl = "type Query { a: Int } type Subscription { tick(from: Int = 1): Int! label: String }"

    private func outcome(_ document: String, _ root: [String: DynamicValue]) async throws -> [String] {
        let schema = DynamicSchema(try Schema(unchecked: sdl))
        switch await schema.subscribe(Request(document: Array(document.utf8)), root: DynamicObject(fields: root)) {
        case .refused(let response): return ["refused", String(decoding: response.bytes, as: UTF8.self)]
        case .stream(let stream):
            var events: [String] = []
            do {
                while let response = try await stream.next() {
                    events.append(String(decoding: response.bytes, as: UTF8.self))
                }
                events.append("end")
            } catch {
                events.append("failed: \((error as? GraphQLError)?.message ?? "\(error)")")
                #expect(try await stream.next() == nil, "a stream that failed is over")
            }
            return events
        }
    }

    private func event(_ value: DynamicValue) -> DynamicValue { .object(DynamicObject(fields: ["tick": value])) }

    @Test func `each event is one execution`() async throws {
        let events = try await outcome(
            "subscription { t: tick }",
            ["tick": .list([event(.leaf(.int(1))), event(.null)])]
        )
        #expect(
            events == [
                #"{"data":{"t":1}}"#,
                #"{"errors":[{"message":"Cannot return null for non-nullable field Subscription.tick.","locations":[{"line":1,"column":16}],"path":["t"]}],"data":null}"#,
                "end",
            ]
        )
    }

    @Test func `an error of the source ends the stream and is masked`() async throws {
        struct Broken: Error {}
        #expect(
            try await outcome("subscription { tick }", ["tick": .list([event(.leaf(.int(1))), .error(Broken())])])
                == [#"{"data":{"tick":1}}"#, "failed: Internal server error"]
        )
    }

    @Test func `a stream that cannot be opened is an error of its field`() async throws {
        #expect(
            try await outcome("subscription { tick }", ["tick": .error(GraphQLError("no stream"))]) == [
                "refused",
                #"{"errors":[{"message":"no stream","locations":[{"line":1,"column":16}],"path":["tick"]}]}"#,
            ]
        )
    }

    @Test(arguments: [
        ("{ a }", "Only subscription operations can be subscribed to."),
        ("subscription { tick label }", "Anonymous Subscription must select only one top level field."),
    ])
    func `only a subscription with one field can be subscribed to`(document: String, message: String) async throws {
        let events = try await outcome(document, [:])
        #expect(events[0] == "refused" && events[1].contains(message))
    }
}
