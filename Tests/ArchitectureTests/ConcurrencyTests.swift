import Testing

/// Where the compiler's checks of concurrency are switched off, and why that is sound.
private let uncheckedFiles: [String: String] = [
    "Credentials/Push/P256PrivateKey.swift": "OpenSSL shares keys between threads",
    "Credentials/Tokens/SignatureKey.swift": "OpenSSL shares keys between threads",
    "EventLoop/BlockingPool.swift": "its mutex guards what threads share",
    "EventLoop/ByteBuffer.swift": "a noncopyable owner of its memory, handed over as a whole",
    "EventLoop/EventLoop+Tasks.swift": "confined to its loop",
    "EventLoop/EventLoop.swift": "confined to its thread but for a mutex and atomics",
    "EventLoop/Listener.swift": "confined to its loop",
    "EventLoop/Readiness.swift": "confined to its loop",
    "EventLoop/SharedBytes.swift": "its memory is not written to after it is made",
    "EventLoop/StreamConnection.swift": "confined to its loop",
    "EventLoop/TLSContext.swift": "OpenSSL shares contexts between threads",
    "EventLoop/TLSSession.swift": "confined to its connection's loop",
    "EventLoop/Timer.swift": "confined to its loop",
    "HTTPServer/HTTP/HTTPBodyStream.swift": "confined to its connection's loop",
    "HTTPServer/HTTP/HTTPConnection.swift": "confined to its loop",
    "HTTPServer/HTTP/HTTPLoop.swift": "confined to its loop",
    "HTTPServer/HTTP/HTTPRequest.swift": "confined to its connection's loop",
    "HTTPServer/HTTP/HTTPResponder.swift": "confined to its connection's loop",
    "HTTPServer/HTTP/HTTPResponseStream.swift": "confined to its connection's loop",
    "HTTPServer/WebSocket/WebSocket.swift": "confined to its connection's loop",
    "GraphQLEngine/Binding/SchemaBinding.swift": "the base class of request contexts holds nothing",
    "GraphQLEngine/Execution/Executor.swift": "values are handed to one child task and back",
    "GraphQLTransport/EventStreams/EventChannel.swift": "confined to its stream's loop",
    "GraphQLTransport/HTTP/Exchange.swift": "confined to its connection's loop",
    "GraphQLTransport/Socket/GraphQLSocket.swift": "confined to its socket's loop",
    "GraphQLTransport/Socket/SocketListener.swift": "confined to its socket's loop",
    "Resolvers/Calls/CallSignalFeed.swift": "its timer is confined to the loop of its subscription",
    "Data/Events/EventFeed.swift": "confined to its loop",
    "Data/Events/EventSubscription.swift": "confined to its loop",
    "Data/Events/FeedWatcher.swift": "confined to its feed's loop",
    "Data/Events/MergedSubscription.swift": "confined to its loop",
    "Data/Chat/PresenceRegistry.swift": "confined to its loop",
    "Data/Events/SignalFeed.swift": "confined to its loop",
    "Data/Events/SignalSubscription.swift": "confined to its loop",
    "Data/Events/SignalThrottle.swift": "confined to its loop",
    "Data/Events/SharedLoad.swift": "confined to its loop",
    "Data/Events/SharedValue.swift": "confined to its loop",
    "Data/Jobs/JobProgressLog.swift": "confined to its loop",
    "Data/Jobs/JobScheduler.swift": "confined to its loop",
    "Data/Jobs/JobWorker.swift": "confined to its loop",
    "Data/LoopDatabase.swift": "confined to its loop",
    "OutboundHTTP/Transfers/CurlHandle.swift": "a list does not change once it is made",
    "OutboundHTTP/Transfers/LoopTransfers.swift": "confined to its loop",
    "OutboundHTTP/Transfers/Transfer.swift": "confined to its loop",
    "PostgresClient/Connection/CancelRequest.swift": "libpq makes its cancel objects for other threads",
    "PostgresClient/Connection/Handshake.swift": "confined to its loop",
    "PostgresClient/Connection/HostNameLookups.swift": "whoever waits is confined to its loop",
    "PostgresClient/Connection/Operation.swift": "a result is handed over as a whole",
    "PostgresClient/Connection/PostgresConnection.swift": "confined to its loop",
    "PostgresClient/Pool/ConnectionLanes.swift": "confined to its loop",
    "PostgresClient/Use/StatementBatch.swift": "answers are confined to the loop of their transaction",
    "PostgresClient/Use/NotificationListener.swift": "confined to its loop",
    "PostgresClient/Use/PostgresPool.swift": "confined to its loop",
    "PostgresClient/Use/Transaction.swift": "confined to its loop",
    "Resolvers/Chat/Live/Hearing.swift": "confined to its loop",
    "Resolvers/Chat/Live/RoomHub.swift": "confined to its loop",
    "Resolvers/Chat/Live/SharedWeight.swift": "confined to its loop",
    "Resolvers/RequestContext.swift": "its base class is, and what it holds never changes",
    "GraphQLEngine/Request.swift": "a finished buffer cannot be written to",
]

@Suite struct ConcurrencyTests {
    @Test func `checks are switched off only where a reason is given`() throws {
        for file in try SourceTree.swiftFiles(in: "Sources") {
            let path = String(file.path.dropFirst("Sources/".count))
            if file.code.contains(where: { isUnchecked($0.text) }) {
                #expect(uncheckedFiles[path] != nil, "\(path) switches checks off: say why in ConcurrencyTests.swift")
            } else {
                #expect(uncheckedFiles[path] == nil, "\(path) needs no exception any more")
            }
        }
    }

    @Test func `every exception is of a file that exists`() throws {
        let paths = Set(try SourceTree.swiftFiles(in: "Sources").map { String($0.path.dropFirst("Sources/".count)) })
        for path in uncheckedFiles.keys.sorted() { #expect(paths.contains(path), "\(path)") }
    }

    /// A bare task leaves its loop for the global pool: https://github.com/swiftlang/swift-evolution/blob/main/proposals/0417-task-executor-preference.md
    @Test func `no task leaves its event loop`() throws {
        for file in try SourceTree.swiftFiles(in: "Sources") where file.target != "EventLoop" {
            for line in file.code where startsTask(line.text) {
                Issue.record("\(file.path):\(line.number): start tasks on their loop")
            }
        }
    }

    @Test(arguments: [
        "Task {", "    let task = Task { await run() }", "Task.detached {", "Task(priority: .low) {",
        "Task<Void, Never> {",
    ])
    func `a bare task is found`(line: String) { #expect(startsTask(Substring(line))) }

    @Test(arguments: ["loop.startTask {", "group.addTask {", "Task.isCancelled", "struct Task: Sendable {"])
    func `other uses of the word are none`(line: String) { #expect(!startsTask(Substring(line))) }

    private func isUnchecked(_ line: Substring) -> Bool {
        line.contains("@unchecked Sendable") || line.contains("nonisolated(unsafe)")
    }

    private func startsTask(_ line: Substring) -> Bool {
        line.contains(#/(^|[^\w.])Task(<[^>]*>)?(\.(detached|immediate)\b| *[{(])/#)
    }
}
