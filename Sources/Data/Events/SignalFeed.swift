package import EventLoop

/// What is told to those who listen just now, in whichever process, and kept nowhere: somebody types, somebody comes.
///
/// Signals ride in the payload of NOTIFY, those of five milliseconds together, and may be lost. What is too much is dropped
/// and counted: nobody waits for a signal. `@unchecked Sendable`: confined to its loop.
package final class SignalFeed: @unchecked Sendable {
    package struct Options: Sendable {
        /// Bytes of signals that wait to be sent; a NOTIFY takes 8,000.
        package var pendingBytes = 256 * 1_024
        /// Signals that wait for one listener.
        package var bufferedSignals = 256
        package var coalescing = Duration.milliseconds(5)

        package init() {}
    }

    package struct Metrics: Sendable, Equatable {
        package var sent: UInt64 = 0
        package var received: UInt64 = 0
        /// That were too many to be sent, or for one of those who listen.
        package var dropped: UInt64 = 0
    }

    package let loop: EventLoop
    let options: Options
    package internal(set) var metrics = Metrics()
    package let throttle = SignalThrottle()
    private let notify: (String) async throws -> Void
    private var isListening = false
    /// Those that wait until signals of others can be heard, in the order in which they came.
    private var starting: [(ticket: UInt64, continuation: UnsafeContinuation<Void, Never>)] = []
    private var tickets: UInt64 = 0
    private var pending: [String] = []
    private var pendingBytes = 0
    private var subscriptions: [String: [SignalSubscription]] = [:]
    private lazy var sending = loop.timer { [weak self] in self?.sendPending() }

    /// - Parameter notify: sends a payload to all processes, this one among them.
    init(on loop: EventLoop, _ options: Options = Options(), notify: @escaping (String) async throws -> Void) {
        self.loop = loop
        self.options = options
        self.notify = notify
    }

    /// Tells all who listen to the topic. Neither has line breaks, nor the topic spaces: both are made of ids and numbers.
    package func send(_ text: String, to topic: String) {
        loop.assertOnLoop()
        let line = "\(topic) \(text)"
        guard pendingBytes + line.utf8.count <= options.pendingBytes, line.utf8.count < 7_000 else {
            metrics.dropped &+= 1
            return
        }
        metrics.sent &+= 1
        if pending.isEmpty { sending.set(after: options.coalescing.nanoseconds) }
        pending.append(line)
        pendingBytes += line.utf8.count
    }

    private func sendPending() {
        // Until there is a connection they wait, as many as there is room for.
        guard isListening else { return }
        var payloads: [String] = []
        for line in pending {
            if let last = payloads.last, last.utf8.count + line.utf8.count < 7_000 {
                payloads[payloads.count - 1] = last + "\n" + line
            } else {
                payloads.append(line)
            }
        }
        pending = []
        pendingBytes = 0
        loop.startTask { [self] in
            for payload in payloads {
                do { try await notify(payload) } catch { metrics.dropped &+= 1 }
            }
        }
    }

    func received(_ payload: String) {
        for line in payload.split(separator: "\n") {
            metrics.received &+= 1
            guard let space = line.firstIndex(of: " ") else { continue }
            let topic = String(line[..<space])
            guard let listeners = subscriptions[topic] else { continue }
            let signal = Signal(topic: topic, text: String(line[line.index(after: space)...]))
            for listener in listeners where !listener.offer(signal) { metrics.dropped &+= 1 }
        }
    }

    /// Returns when signals of other processes can be heard for the first time: what is sent from then on is told, but for
    /// what is sent while the connection is made anew.
    package func subscribe(to topics: [String]) async -> SignalSubscription {
        loop.assertOnLoop()
        await started()
        let subscription = SignalSubscription(self, Set(topics))
        for topic in subscription.topics { subscriptions[topic, default: []].append(subscription) }
        return subscription
    }

    /// The connection listens, for the first time or again.
    func listening() {
        isListening = true
        let all = starting
        starting = []
        for one in all { one.continuation.resume() }
        if !pending.isEmpty { sending.set(after: options.coalescing.nanoseconds) }
    }

    private func started() async {
        guard !isListening else { return }
        tickets += 1
        let ticket = tickets
        await withTaskCancellationHandler {
            await withUnsafeContinuation { starting.append((ticket, $0)) }
        } onCancel: {
            loop.execute {
                guard let index = self.starting.firstIndex(where: { $0.ticket == ticket }) else { return }
                self.starting.remove(at: index).continuation.resume()
            }
        }
    }

    func leave(_ subscription: SignalSubscription) {
        for topic in subscription.topics {
            subscriptions[topic]?.removeAll { $0 === subscription }
            if subscriptions[topic]?.isEmpty == true { subscriptions[topic] = nil }
        }
    }

    func close() {
        // Nobody waits for what does not come any more.
        pending = []
        listening()
        sending.cancel()
        for subscription in Array(subscriptions.values.joined()) { subscription.finish() }
        subscriptions = [:]
    }
}

package struct Signal: Sendable, Equatable {
    package let topic: String
    package let text: String
}
