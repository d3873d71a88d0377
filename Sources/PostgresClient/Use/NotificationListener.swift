public import EventLoop

/// Hears NOTIFY on some channels over a connection of its own, which it makes again when it is lost.
///
/// What was sent while there was no connection is lost; `onGap` says so. One that only listens would not notice that the
/// way to the server is cut, so it asks now and then. `@unchecked Sendable`: confined to its loop.
public final class NotificationListener: @unchecked Sendable {
    private let loop: EventLoop
    private let options: ConnectionOptions
    private let channels: [StatementText]
    private let onNotification: (_ channel: String, _ payload: String) -> Void
    private let onGap: () -> Void
    private var connection: PostgresConnection?
    private var breaker = CircuitBreaker(threshold: .max, first: 50_000_000, longest: 2_000_000_000)
    private var isStopped = false
    private lazy var retry = loop.timer { [weak self] in self?.connect() }
    private lazy var checking = loop.timer { [weak self] in self?.check() }

    /// Channels are names in the source, not from outside.
    public init(
        _ channels: [StaticString],
        _ options: ConnectionOptions,
        on loop: EventLoop,
        onGap: @escaping () -> Void,
        onNotification: @escaping (_ channel: String, _ payload: String) -> Void
    ) {
        self.loop = loop
        self.options = options
        self.channels = channels.map { StatementText("LISTEN \($0)") }
        self.onGap = onGap
        self.onNotification = onNotification
        connect()
    }

    public func stop() {
        isStopped = true
        retry.cancel()
        checking.cancel()
        connection?.close()
    }

    /// Runs a statement on the listener's own connection, such as a NOTIFY, which has no place in a transaction.
    public func ask(_ text: StatementText, _ encode: (inout ParameterBuffer) -> Void) async throws {
        guard let connection else { throw PostgresError.connectionLost }
        _ = try await connection.run(text, isOwn: false, deadline: deadline, encode)
    }

    private func connect() {
        loop.startTask { [self] in
            let made: PostgresConnection
            do { made = try await PostgresConnection.connect(options, on: loop) } catch { return lost() }
            guard !isStopped else { return made.close() }
            connection = made
            made.onNotification = { [weak self] in self?.onNotification($0, $1) }
            made.onClose = { [weak self] in self?.lost() }
            do {
                for channel in channels {
                    _ = try await made.run(channel, isOwn: true, deadline: deadline) { _ in }
                }
                breaker.succeeded()
                checking.set(after: options.listenerCheckInterval.nanoseconds)
                onGap()
            } catch {
                // One that could connect but not listen goes the way of a lost one, unless it has gone already.
                made.close()
            }
        }
    }

    /// One that does not answer in time is made anew.
    private func check() {
        guard let connection else { return }
        loop.startTask { [self] in
            do {
                _ = try await connection.run(TransactionControl.ping, isOwn: true, deadline: deadline) { _ in }
                if !isStopped { checking.set(after: options.listenerCheckInterval.nanoseconds) }
            } catch { connection.close() }
        }
    }

    private var deadline: UInt64 {
        let (deadline, overflow) = loop.now.addingReportingOverflow(options.connectTimeout.nanoseconds)
        return overflow ? .max : deadline
    }

    private func lost() {
        connection = nil
        guard !isStopped else { return }
        var random = SystemRandomNumberGenerator()
        breaker.failed(now: loop.now, random: &random)
        retry.set(at: breaker.notBefore)
    }
}
