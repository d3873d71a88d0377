package import EventLoop
package import PostgresClient

/// The events of some topics as they are committed, by whichever process: the feed of one loop.
///
/// NOTIFY only wakes it; what it delivers are rows it has read, in order. Topics someone listens to are asked for every
/// two seconds besides, so a notification that was lost costs seconds and no event.
///
/// `@unchecked Sendable`: confined to its loop.
package final class EventFeed: @unchecked Sendable {
    package struct Options: Sendable {
        /// Events that wait for a subscriber; one that is slower reads them again from the log at its own pace.
        package var bufferedEvents = 1_000
        /// Events read of a topic at a time.
        package var page = 500
        /// Events read of all topics at a time: after an outage every one of them may have many.
        package var eventsAtOnce = 5_000
        /// How long events wait for what goes with them; listeners read for themselves then what is not there.
        package var readAheadTime = Duration.milliseconds(200)
        package var pollInterval = Duration.seconds(2)
        /// How long names of topics are gathered before one NOTIFY tells of them.
        package var coalescing = Duration.milliseconds(5)
        /// Bytes of messages and what hangs on them that the listeners of a loop share, about.
        package var sharedBytes = 64 * 1_024 * 1_024
        /// Names of topics that wait for a connection to be told over.
        package var keptAnnouncements = 10_000
        package var signals = SignalFeed.Options()
        package var presence = PresenceRegistry.Options()

        package init() {}
    }

    package struct Metrics: Sendable, Equatable {
        package var delivered: UInt64 = 0
        package var notifications: UInt64 = 0
        package var reads: UInt64 = 0
        /// Subscribers that were slower than their topics, and went back to the log.
        package var overflows: UInt64 = 0
        package var resynchronisations: UInt64 = 0
        /// Events that were told before all that goes with them was read.
        package var aheadOfReaders: UInt64 = 0
    }

    /// A topic with subscribers.
    private final class Topic {
        /// Everything up to here was handed to those who are live.
        var position: Int
        var subscribers: [EventSubscription] = []
        /// Whether there may be more in the log.
        var isDirty = false
        init(position: Int) { self.position = position }
    }

    package let loop: EventLoop
    package let options: Options
    package internal(set) var metrics = Metrics()
    private let pool: PostgresPool
    private var topics: [String: Topic] = [:]
    /// Topics whose place somebody asks for, to listen to them from there; how many do, and whether something was told of
    /// them meanwhile.
    private var arrivals: [String: (count: Int, isDirty: Bool)] = [:]
    private var observers: [(Event) -> Void] = []
    private var readers: [([Event]) async -> Void] = []
    private var watchers: [String: [FeedWatcher]] = [:]
    /// What is told and not kept; it shares the connection.
    package private(set) lazy var signals = SignalFeed(on: loop, options.signals) { [weak self] payload in
        try await self?.listener?.ask(EventStatements.signal.text) { $0.add(payload) }
    }
    package private(set) lazy var presence = PresenceRegistry(pool, signals, options.presence)
    private var listener: NotificationListener?
    private var announced: Set<String> = []
    private var announcesSoon = false
    private var isReading = false
    private var isPolling = false
    private lazy var announcing = loop.timer { [weak self] in self?.sendAnnouncements() }
    private lazy var polling = loop.timer { [weak self] in self?.poll() }

    package init(_ pool: PostgresPool, _ options: Options = Options()) {
        self.pool = pool
        self.options = options
        loop = pool.loop
        listener = NotificationListener(["live", "signals"], pool.options.ofItsOwn, on: loop) { [weak self] in
            self?.wakeAll()
            self?.signals.listening()
        } onNotification: { [weak self] channel, payload in
            if channel == "signals" { self?.signals.received(payload) } else { self?.notified(payload) }
        }
        polling.set(after: options.pollInterval.nanoseconds)
    }

    package func close() {
        presence.close()
        signals.close()
        listener?.stop()
        polling.cancel()
        announcing.cancel()
        for topic in topics.values { for subscriber in topic.subscribers { subscriber.finish() } }
        topics = [:]
        for watcher in watchers.values.joined() { watcher.finish() }
        watchers = [:]
    }

    // MARK: Announcing

    /// Tells all processes, this one among them, that there is something new.
    func announce(_ names: [String]) {
        announced.formUnion(names)
        if !announcesSoon { announcing.set(after: options.coalescing.nanoseconds) }
        announcesSoon = true
    }

    /// NOTIFY takes payloads up to 8,000 bytes.
    private func sendAnnouncements() {
        var payloads: [String] = []
        for name in announced.sorted() {
            if let last = payloads.last, last.utf8.count + name.utf8.count < 7_000 {
                payloads[payloads.count - 1] = last + "\n" + name
            } else {
                payloads.append(name)
            }
        }
        announced = []
        announcesSoon = false
        loop.startTask { [self] in
            for payload in payloads {
                do { try await listener?.ask(EventStatements.notify.text) { $0.add(payload) } } catch { keep(payload) }
            }
        }
    }

    /// What could not be told is told when there is a connection again; beyond so many names the poll makes up for it.
    private func keep(_ payload: String) {
        guard announced.count < options.keptAnnouncements else { return }
        announced.formUnion(payload.split(separator: "\n").map(String.init))
    }

    private func notified(_ payload: String) {
        metrics.notifications &+= 1
        for name in payload.split(separator: "\n") {
            topics[String(name)]?.isDirty = true
            arrivals[String(name)]?.isDirty = true
            for watcher in watchers[String(name)] ?? [] { watcher.note() }
        }
        readDirty()
    }

    private func wakeAll() {
        if !announced.isEmpty { announce([]) }
        for topic in topics.values { topic.isDirty = true }
        for name in arrivals.keys { arrivals[name]?.isDirty = true }
        readDirty()
        noteAll()
    }

    private func noteAll() {
        for watcher in watchers.values.joined() { watcher.note() }
    }

    private func poll() {
        polling.set(after: options.pollInterval.nanoseconds)
        noteAll()
        // One that waits for its answer stands for the next, too.
        guard !topics.isEmpty, !isPolling else { return }
        isPolling = true
        loop.startTask { [self] in
            defer { isPolling = false }
            let known = topics.mapValues(\.position)
            guard let positions = try? await pool.session().topicPositions(known.keys.sorted()) else { return }
            for (name, position) in positions {
                guard let topic = topics[name] else { continue }
                if position.last > topic.position { topic.isDirty = true }
                if position.last < known[name] ?? 0 { goBack(topic, to: position.last) }
            }
            readDirty()
        }
    }

    /// The place of the topic is none any more: the database has lost its end, as a standby may have that took over, and
    /// gives its numbers again, or has forgotten what was behind the place.
    private func goBack(_ topic: Topic, to position: Int) {
        topic.position = position
        metrics.resynchronisations &+= UInt64(topic.subscribers.count)
        for subscriber in topic.subscribers { subscriber.goBack(to: position) }
    }

    // MARK: Reading

    /// Reads what is new, one statement for all topics at a time, until nothing is.
    private func readDirty() {
        guard !isReading else { return }
        isReading = true
        loop.startTask { [self] in
            while true {
                let dirty = topics.filter(\.value.isDirty).sorted { $0.key < $1.key }
                if dirty.isEmpty { break }
                for (_, topic) in dirty { topic.isDirty = false }
                metrics.reads &+= 1
                let places = dirty.map { (topic: $0.key, seq: $0.value.position) }
                let (page, total) = (options.page, options.eventsAtOnce)
                guard let events = try? await pool.session().events(after: places, limit: page, total: total) else {
                    // The poll tries again.
                    break
                }
                await readAhead(events)
                deliver(events, readFrom: Dictionary(uniqueKeysWithValues: places.map { ($0.topic, $0.seq) }))
                if events.count >= total { readAgain(dirty.map(\.key), from: events) }
            }
            isReading = false
        }
    }

    /// One that takes long goes on, and holds up no topic.
    private func readAhead(_ events: [Event]) async {
        guard !readers.isEmpty, !events.isEmpty else { return }
        let wait = BoundedWait()
        let timer = loop.timer { wait.end(isLate: true) }
        timer.set(after: options.readAheadTime.nanoseconds)
        loop.startTask { [readers] in
            for reader in readers { await reader(events) }
            wait.end(isLate: false)
        }
        if await wait.isLate() { metrics.aheadOfReaders &+= UInt64(events.count) }
        timer.cancel()
    }

    /// The log was read to somewhere in one of the topics: those behind it were not come to.
    private func readAgain(_ names: [String], from events: [Event]) {
        let found = Set(events.map(\.topic))
        guard let last = names.lastIndex(where: found.contains) else { return }
        for name in names[last...] { topics[name]?.isDirty = true }
    }

    /// - Parameter places: where the topics stood when they were asked for these.
    func deliver(_ events: [Event], readFrom places: [String: Int]) {
        var counts: [String: Int] = [:]
        for event in events {
            let count = counts[event.topic, default: 0] + 1
            counts[event.topic] = count
            guard let topic = topics[event.topic], event.seq > topic.position else { continue }
            if event.seq > topic.position + 1 {
                guard count == 1, places[event.topic] == topic.position else {
                    // It was read for somebody who has left; whoever came meanwhile stands elsewhere.
                    topic.isDirty = true
                    continue
                }
                // The log was cut behind those who listen.
                goBack(topic, to: event.seq - 1)
            }
            topic.position = event.seq
            for observer in observers { observer(event) }
            for subscriber in topic.subscribers { subscriber.offer(event) }
            metrics.delivered &+= 1
        }
        for (name, count) in counts where count >= options.page { topics[name]?.isDirty = true }
    }

    // MARK: Subscribing

    /// Calls `observer` with every event of a topic that somebody listens to, before any of them is told.
    package func observe(_ observer: @escaping (Event) -> Void) { observers.append(observer) }

    /// Calls `reader` with what was read of the log, each topic in its order, and waits for it before any of that is told: what
    /// goes with events is read for all of them then, and their listeners need not wait for it one by one.
    package func readAhead(_ reader: @escaping ([Event]) async -> Void) { readers.append(reader) }

    /// The events of a topic behind a place in it, or from now on.
    package func subscribe(to name: String, after seq: Int? = nil) async throws -> EventSubscription {
        loop.assertOnLoop()
        let (known, told) = try await arrive(at: [name])
        return subscribe(to: name, after: seq, known[name], mayHaveMore: told.contains(name))
    }

    /// The events of several topics, for one subscriber; one statement tells where they stand.
    package func subscribe(to places: [(topic: String, after: Int?)]) async throws -> MergedSubscription {
        loop.assertOnLoop()
        let (known, told) = try await arrive(at: places.map(\.topic))
        let subscriptions = places.map {
            subscribe(to: $0.topic, after: $0.after, known[$0.topic], mayHaveMore: told.contains($0.topic))
        }
        return MergedSubscription(subscriptions, on: loop)
    }

    /// Where topics stand, and which of them something was told of meanwhile: those who listen from there must hear of it.
    private func arrive(
        at names: [String]
    ) async throws -> (positions: [String: TopicPosition], told: Set<String>) {
        for name in names { arrivals[name, default: (0, false)].count += 1 }
        defer {
            for name in names {
                guard let (count, isDirty) = arrivals[name] else { continue }
                arrivals[name] = count > 1 ? (count - 1, isDirty) : nil
            }
        }
        let positions = try await pool.session().topicPositions(names)
        return (positions, Set(names.filter { arrivals[$0]?.isDirty == true }))
    }

    private func subscribe(
        to name: String,
        after seq: Int?,
        _ known: TopicPosition?,
        mayHaveMore: Bool
    ) -> EventSubscription {
        let last = known?.last ?? 0
        let topic = topics[name] ?? Topic(position: last)
        topics[name] = topic
        // A place that the topic has not come to is that of another one, or of a database that was restored.
        let isLost = seq.map { $0 > max(last, topic.position) || $0 < known?.purgedThrough ?? 0 } ?? false
        let start = isLost ? max(last, topic.position) : seq ?? max(last, topic.position)
        let subscriber = EventSubscription(
            self,
            name,
            position: start,
            isReplay: seq != nil && !isLost,
            mustResync: isLost
        )
        if isLost { metrics.resynchronisations &+= 1 }
        topic.subscribers.append(subscriber)
        if mayHaveMore || last > topic.position {
            topic.isDirty = true
            readDirty()
        }
        return subscriber
    }

    /// Hears that there may be something new of a thing that has no events, but a state to be asked for.
    package func watch(_ name: String) -> FeedWatcher {
        loop.assertOnLoop()
        let watcher = FeedWatcher(self, name)
        watchers[name, default: []].append(watcher)
        return watcher
    }

    func leave(_ watcher: FeedWatcher) {
        watchers[watcher.name]?.removeAll { $0 === watcher }
        if watchers[watcher.name]?.isEmpty == true { watchers[watcher.name] = nil }
    }

    func position(of name: String) -> Int { topics[name]?.position ?? 0 }

    func replay(_ name: String, after seq: Int) async throws -> [Event] {
        try await pool.session().events(after: [(name, seq)], limit: options.page, total: options.page)
    }

    func leave(_ subscriber: EventSubscription) {
        guard let topic = topics[subscriber.topic] else { return }
        topic.subscribers.removeAll { $0 === subscriber }
        if topic.subscribers.isEmpty { topics[subscriber.topic] = nil }
    }
}

/// Waits for whichever comes first. `@unchecked Sendable`: confined to the loop of its feed.
private final class BoundedWait: @unchecked Sendable {
    private var isLate: Bool?
    private var waiting: CheckedContinuation<Bool, Never>?

    func end(isLate: Bool) {
        guard self.isLate == nil else { return }
        self.isLate = isLate
        waiting.take()?.resume(returning: isLate)
    }

    func isLate() async -> Bool {
        if let isLate { return isLate }
        return await withCheckedContinuation { waiting = $0 }
    }
}
