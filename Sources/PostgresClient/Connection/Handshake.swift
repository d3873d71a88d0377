internal import CLibPQ
public import EventLoop

extension PostgresConnection {
    /// Connects without holding up the loop.
    public static func connect(_ options: ConnectionOptions, on loop: EventLoop) async throws -> PostgresConnection {
        loop.assertOnLoop()
        let places = try await HostNames.resolved(
            in: options.connectionString,
            within: options.connectTimeout,
            on: loop
        )
        let handshake = Handshake(options, places, loop)
        let handle = try await withTaskCancellationHandler {
            try await withUnsafeThrowingContinuation { handshake.begin($0) }
        } onCancel: {
            loop.execute { handshake.cancel() }
        }
        // It is the connection's now, also when that cannot be made.
        return try PostgresConnection(handle.pointer, on: loop, options)
    }
}

/// libpq's connection on its way from the handshake to its owner. `@unchecked Sendable`: handed over as a whole.
private struct Handle: @unchecked Sendable {
    let pointer: OpaquePointer
}

/// The steps of libpq's non-blocking connect, each of which may be on another socket.
///
/// `@unchecked Sendable`: confined to its loop.
private final class Handshake: @unchecked Sendable {
    private let options: ConnectionOptions
    /// Where the hosts are, if they had names.
    private let places: HostNames?
    private let loop: EventLoop
    private var handle: OpaquePointer?
    private var watch: Watch?
    private var timeout: Timer?
    private var continuation: UnsafeContinuation<Handle, any Error>?
    private var isCancelled = false

    init(_ options: ConnectionOptions, _ places: HostNames?, _ loop: EventLoop) {
        self.options = options
        self.places = places
        self.loop = loop
    }

    func begin(_ continuation: UnsafeContinuation<Handle, any Error>) {
        guard !isCancelled else { return continuation.resume(throwing: CancellationError()) }
        self.continuation = continuation
        handle = start()
        // What the server says by the way would go to standard error.
        PQsetNoticeReceiver(handle, { _, _ in }, nil)
        guard let handle, PQstatus(handle) != CONNECTION_BAD else { return fail() }
        let timeout = loop.timer { [unowned self] in finish(.failure(PostgresError.cannotConnect("no answer in time")))
        }
        timeout.set(after: options.connectTimeout.nanoseconds)
        self.timeout = timeout
        wait(for: .writable)
    }

    func cancel() {
        isCancelled = true
        finish(.failure(CancellationError()))
    }

    /// What the connection string says wins over what stands before it, and addresses over its names.
    private func start() -> OpaquePointer? {
        var settings = [
            ("application_name", options.applicationName), ("client_encoding", "UTF8"), ("gssencmode", "disable"),
        ]
        settings.append(("dbname", options.connectionString))
        if options.preparesStatements { settings.append(("options", sessionSettings)) }
        if let places { settings += [("host", places.hosts), ("hostaddr", places.addresses), ("port", places.ports)] }
        return withCStrings(settings.map(\.0)) { keywords in
            withCStrings(settings.map(\.1)) { values in PQconnectStartParams(keywords, values, 1) }
        }
    }

    /// Those of the connection string are added to, not replaced, and what the program relies on comes last.
    private var sessionSettings: String {
        let idle = options.idleInTransaction.nanoseconds / 1_000_000
        // Left to itself, PostgreSQL plans a look-up by a list of ids anew for each list that is shorter than ten.
        var all = ["-c idle_in_transaction_session_timeout=\(idle)", "-c plan_cache_mode=force_generic_plan"]
        if let own = ConnectionString.values(in: options.connectionString)?["options"] { all.append(own) }
        all.append("-c TimeZone=UTC")
        // Whoever may write writes where the server lets him: it may be kept from changes for a while.
        if options.isReadOnly { all.append("-c default_transaction_read_only=on") }
        return all.joined(separator: " ")
    }

    private func wait(for interest: Readiness) {
        do {
            let watch = try loop.watch(PQsocket(handle)) { [unowned self] _ in step() }
            watch.interest = interest
            self.watch = watch
        } catch { finish(.failure(PostgresError.cannotConnect("\(error)"))) }
    }

    private func step() {
        // The next step may close this socket and open another one under the same number.
        watch?.cancel()
        watch = nil
        switch PQconnectPoll(handle) {
        case PGRES_POLLING_READING: wait(for: .readable)
        case PGRES_POLLING_WRITING: wait(for: .writable)
        case PGRES_POLLING_OK:
            guard let handle else { return }
            self.handle = nil
            finish(.success(Handle(pointer: handle)))
        default: fail()
        }
    }

    private func fail() {
        let reason = handle.flatMap { PQerrorMessage($0) }.map { String(cString: $0) } ?? "out of memory"
        let line = reason.split(separator: "\n").first.map(String.init) ?? "no reason given"
        finish(.failure(PostgresError.cannotConnect(line)))
    }

    private func finish(_ result: Result<Handle, any Error>) {
        guard let continuation else { return }
        self.continuation = nil
        watch?.cancel()
        watch = nil
        timeout?.cancel()
        timeout = nil
        if let handle { PQfinish(handle) }
        handle = nil
        continuation.resume(with: result)
    }
}

/// The texts as C wants them: an array of pointers that ends with nil.
private func withCStrings<Result>(_ texts: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> Result) -> Result
{
    var bytes: [CChar] = []
    var starts: [Int] = []
    for text in texts {
        starts.append(bytes.count)
        bytes.append(contentsOf: text.utf8CString)
    }
    return bytes.withUnsafeBufferPointer { bytes in
        var pointers = starts.map { start in bytes.baseAddress.map { $0 + start } } + [nil]
        return body(&pointers)
    }
}
