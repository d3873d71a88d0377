import GraphQLSchema
import Synchronization
import Testing

@testable import GraphQLEngine

@Suite struct SharedSubscriptionTests {
    private final class Context: ExecutionContext, @unchecked Sendable {
        // Unchecked because its base class is.
        private let key: String?
        override var sharingKey: String? { key }

        init(_ executor: SerialTestExecutor, key: String? = "everybody") {
            self.key = key
            super.init(
                LoadingContext(
                    endOfTurn: { await executor.waitForEndOfTurn() },
                    startTask: { operation in Task(executorPreference: executor) { await operation() } }
                )
            )
        }
    }

    /// Holds events back until a test lets them go.
    private final class Gate: Sendable {
        private let waiting = Mutex<[CheckedContinuation<Void, Never>]?>([])

        func wait() async {
            await withCheckedContinuation { continuation in
                let isOpen = waiting.withLock { waiting in
                    waiting?.append(continuation)
                    return waiting == nil
                }
                if isOpen { continuation.resume() }
            }
        }

        func open() {
            let woken = waiting.withLock { waiting in
                defer { waiting = nil }
                return waiting ?? []
            }
            for continuation in woken { continuation.resume() }
        }
    }

    private func schema(keptEvents: Int = 64) throws -> DynamicSchema {
        var options = EngineOptions()
        options.subscriptions.keptEvents = keptEvents
        let sdl = "type Query { a: Int } type Subscription { tick(of: String): Int! tock: Int }"
        return DynamicSchema(try Schema(unchecked: sdl), options: options)
    }

    /// Events that count their executions, the first of which waits for the gate.
    private func root(_ count: Int, _ executions: Locked, after gate: Gate) -> DynamicObject {
        let events = (0..<count).map { number -> DynamicValue in
            let event = DynamicValue.object(
                DynamicObject(fields: [
                    "tick": .resolver { _ in
                        executions.increment()
                        return .leaf(.int(number))
                    }
                ])
            )
            guard number == 0 else { return event }
            return .resolver { _ in
                await gate.wait()
                return event
            }
        }
        return DynamicObject(fields: ["tick": .list(events), "tock": .list(events)])
    }

    private func subscribe(
        _ schema: DynamicSchema,
        _ root: DynamicObject,
        _ context: ExecutionContext,
        _ document: String = "subscription ($of: String) { tick(of: $of) }",
        _ variables: Value = .null
    ) async -> ResponseStream? {
        let request = Request(document: Array(document.utf8), variables: variables)
        guard case .stream(let stream) = await schema.subscribe(request, root: root, in: context) else { return nil }
        return stream
    }

    /// What a stream tells until it ends.
    private func read(_ stream: ResponseStream?) async -> [String] {
        guard let stream else { return ["refused"] }
        var told: [String] = []
        do {
            while let response = try await stream.next() {
                told.append(String(decoding: response.bytes, as: UTF8.self))
            }
        } catch let error as GraphQLError {
            told.append("\(error.message) \(error.extensions["code"]?.json ?? "")")
        } catch {
            told.append("\(error)")
        }
        return told
    }

    @Test func `ten thousand equal subscribers are one execution and one encoding for each event`() throws {
        let schema = try schema()
        let (executions, gate) = (Locked(0), Gate())
        let root = root(3, executions, after: gate)
        let bodies = SerialTestExecutor.run { executor in
            var streams: [ResponseStream] = []
            for _ in 0..<10_000 {
                if let stream = await subscribe(schema, root, Context(executor)) { streams.append(stream) }
            }
            #expect(streams.count == 10_000)
            #expect(schema.engine.subscriptionCounts.sources == 1)
            gate.open()
            var bodies: [[ObjectIdentifier]: Int] = [:]
            for stream in streams {
                var seen: [ObjectIdentifier] = []
                while let response = try? await stream.next() { seen.append(ObjectIdentifier(response.body)) }
                bodies[seen, default: 0] += 1
            }
            return bodies
        }
        #expect(executions.current == 3)
        // All hold the same three objects.
        #expect(bodies.count == 1 && bodies.first?.value == 10_000 && bodies.first?.key.count == 3)
        #expect(schema.engine.subscriptionCounts == SubscriptionCounts(sources: 0, events: 3, cut: 0))
    }

    @Test func `subscribers that differ in anything share nothing`() throws {
        let schema = try schema()
        let (executions, gate) = (Locked(0), Gate())
        gate.open()
        let root = root(1, executions, after: gate)
        let told = SerialTestExecutor.run { executor in
            let document = "subscription ($of: String) { tick(of: $of) }"
            let a: Value = .object([Value.Field("of", .string("a"))])
            let b: Value = .object([Value.Field("of", .string("b"))])
            var streams: [ResponseStream?] = []
            streams.append(await subscribe(schema, root, Context(executor), document, a))
            streams.append(await subscribe(schema, root, Context(executor), document, b))
            streams.append(await subscribe(schema, root, Context(executor, key: "admins"), document, a))
            streams.append(await subscribe(schema, root, Context(executor, key: nil), document, a))
            streams.append(await subscribe(schema, root, Context(executor), "subscription { tick }"))
            #expect(schema.engine.subscriptionCounts.sources == 4, "one is shared with nobody")
            var told: [[String]] = []
            for stream in streams { told.append(await read(stream)) }
            return told
        }
        #expect(told == Array(repeating: [#"{"data":{"tick":0}}"#], count: 5))
        #expect(executions.current == 5)
    }

    @Test func `who reads too slowly is cut behind what was kept for it, and nobody else`() throws {
        let schema = try schema(keptEvents: 2)
        let (executions, gate) = (Locked(0), Gate())
        let root = root(6, executions, after: gate)
        let (fast, slow) = SerialTestExecutor.run { executor in
            let fast = await subscribe(schema, root, Context(executor))
            let slow = await subscribe(schema, root, Context(executor))
            gate.open()
            return (await read(fast), await read(slow))
        }
        #expect(fast == (0..<6).map { #"{"data":{"tick":\#($0)}}"# })
        #expect(
            slow == [
                #"{"data":{"tick":0}}"#, #"{"data":{"tick":1}}"#,
                #"Events came faster than they were read. "SUBSCRIBER_TOO_SLOW""#,
            ]
        )
        #expect(schema.engine.subscriptionCounts.cut == 1)
    }

    @Test func `a burst waits for a reader when there is only one`() throws {
        let schema = try schema(keptEvents: 1)
        let gate = Gate()
        gate.open()
        let root = root(50, Locked(0), after: gate)
        let told = SerialTestExecutor.run { executor in
            await read(await subscribe(schema, root, Context(executor)))
        }
        #expect(told.count == 50)
    }

    @Test func `an error in the middle ends all subscribers, and the next one begins anew`() throws {
        struct Broken: Error {}
        let schema = try schema()
        let gate = Gate()
        let event = DynamicValue.object(DynamicObject(fields: ["tick": .leaf(.int(1))]))
        let first = DynamicValue.resolver { _ in
            await gate.wait()
            return event
        }
        let root = DynamicObject(fields: ["tick": .list([first, .error(Broken())])])
        let told = SerialTestExecutor.run { executor in
            let one = await subscribe(schema, root, Context(executor))
            let two = await subscribe(schema, root, Context(executor))
            gate.open()
            let told = [await read(one), await read(two)]
            return told + [await read(await subscribe(schema, root, Context(executor)))]
        }
        let expected = [#"{"data":{"tick":1}}"#, #"Internal server error "INTERNAL""#]
        #expect(told == [expected, expected, expected])
        #expect(schema.engine.subscriptionCounts.sources == 0)
    }

    @Test func `a source that cannot be opened refuses all who wait for it`() throws {
        let schema = try schema()
        let gate = Gate()
        let root = DynamicObject(fields: [
            "tick": .resolver { _ in
                await gate.wait()
                throw GraphQLError("no events")
            }
        ])
        let refusals = SerialTestExecutor.run { executor in
            await withTaskGroup(of: String.self) { group in
                for _ in 0..<3 {
                    group.addTask {
                        let request = Request(document: Array("subscription { tick }".utf8))
                        switch await schema.subscribe(request, root: root, in: Context(executor)) {
                        case .refused(let response): return String(decoding: response.bytes, as: UTF8.self)
                        case .stream: return "stream"
                        }
                    }
                }
                await executor.waitForEndOfTurn()
                gate.open()
                return await group.reduce(into: []) { $0.append($1) }
            }
        }
        let refusal =
            #"{"errors":[{"message":"no events","locations":[{"line":1,"column":16}],"path":["tick"]}]}"#
        #expect(refusals == [refusal, refusal, refusal])
    }

    @Test func `the source ends with its last subscriber, and not before`() throws {
        let schema = try schema()
        let isCancelled = Locked(0)
        let waits = DynamicValue.resolver { _ in
            do {
                try await Task.sleep(for: .seconds(3_600))
            } catch {
                isCancelled.increment()
                throw error
            }
            return .null
        }
        let root = DynamicObject(fields: ["tick": .list([waits])])
        SerialTestExecutor.run { executor in
            let one = await subscribe(schema, root, Context(executor))
            var two = await subscribe(schema, root, Context(executor))
            let reading = Handed(one)
            let task = Task(executorPreference: executor) { await read(reading.value) }
            await executor.waitForEndOfTurn()
            task.cancel()
            #expect(await task.value == ["CancellationError()"], "whoever is cancelled is told so")
            #expect(isCancelled.current == 0 && schema.engine.subscriptionCounts.sources == 1)
            #expect(two != nil)
            two = nil
            #expect(schema.engine.subscriptionCounts.sources == 0)
            await executor.waitForEndOfTurn()
        }
        #expect(isCancelled.current == 1)
    }
}
