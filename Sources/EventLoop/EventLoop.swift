internal import CLinux
import Glibc

/// One thread that waits for descriptors, timers and work, and runs everything that belongs to it.
///
/// A turn is: wait, tell the handlers of ready descriptors, fire timers, run delivered calls and jobs, then call the
/// end-of-turn hooks. Output is written in the hooks, so that whatever a turn produced leaves in one system call.
///
/// `@unchecked Sendable`: every mutable property is touched on the loop's thread only (`assertOnLoop` in debug
/// builds); other threads reach the loop through `inbox`, which has a lock.
public final class EventLoop: TaskExecutor, @unchecked Sendable {
    /// The place in its group, from 0.
    public let index: Int
    public let configuration: EventLoopConfiguration
    /// The time of this turn, in nanoseconds of the monotonic clock.
    @exclusivity(unchecked) public private(set) var now: UInt64
    /// Counts the turns; tells whether something cached is from this one.
    @exclusivity(unchecked) public private(set) var turn: UInt64 = 0
    @exclusivity(unchecked) public internal(set) var metrics = EventLoopMetrics()

    let inbox: Inbox
    @exclusivity(unchecked) var descriptors: DescriptorTable
    @exclusivity(unchecked) var timers = TimerHeap()
    var streams: ContiguousArray<StreamConnection> = []
    var shares = AddressShares()
    var listeners: ContiguousArray<Listener> = []
    var drained: (() -> Void)?
    /// What others keep here, of whom there are few.
    @exclusivity(unchecked) var locals: ContiguousArray<(owner: AnyObject, state: AnyObject)> = []
    /// Where every stream of this loop reads; its content lives until the handler returns.
    let readBuffer: UnsafeMutableRawBufferPointer
    let chunks: ChunkPool

    @exclusivity(unchecked) private var jobs: ContiguousArray<UnownedJob> = []
    @exclusivity(unchecked) private var endOfTurn: ContiguousArray<any EndOfTurnHandler> = []
    private var isStopping = false
    /// When the last turn was over.
    @exclusivity(unchecked) private var turnEnd = EventLoop.monotonicTime()
    private var afterStop: (@Sendable () -> Void)?

    init(index: Int, configuration: EventLoopConfiguration) throws {
        self.index = index
        self.configuration = configuration
        now = EventLoop.monotonicTime()
        inbox = try Inbox()
        descriptors = try DescriptorTable()
        readBuffer = .allocate(byteCount: configuration.readBufferBytes, alignment: 64)
        chunks = ChunkPool(keptBytes: configuration.pooledChunkBytes, largest: configuration.largestPooledChunk)
    }

    deinit { readBuffer.deallocate() }

    /// Runs `call` on the loop in one of its next turns; may be called from any thread.
    public func execute(_ call: @escaping @Sendable () -> Void) { inbox.deliver(call) }

    /// A timer at rest, to be set when needed.
    public func timer(_ action: @escaping () -> Void) -> Timer {
        assertOnLoop()
        return Timer(loop: self, action: action)
    }

    /// Watches a descriptor that someone else owns. Starts silent: set `interest` on the result.
    public func watch(_ descriptor: Int32, _ action: @escaping (Readiness) -> Void) throws -> Watch {
        assertOnLoop()
        let watch = Watch(loop: self, descriptor: descriptor, action: action)
        try descriptors.add(descriptor, interest: [], handler: watch)
        return watch
    }

    /// Calls the handler once when everything else of this turn is done.
    public func atEndOfTurn(_ handler: any EndOfTurnHandler) {
        assertOnLoop()
        endOfTurn.append(handler)
    }

    // MARK: The turn

    /// The body of the loop's thread.
    func run() {
        EventLoop.makeCurrent(self)
        do {
            try descriptors.add(inbox.descriptor, interest: .readable, handler: InboxReader(loop: self))
        } catch {
            fatalError("an event loop cannot watch its own eventfd: \(error)")
        }
        while !isStopping { runTurn() }
        closeEverything()
        EventLoop.makeCurrent(nil)
        descriptors.remove(inbox.descriptor)
        afterStop?()
    }

    private func runTurn() {
        let ready = descriptors.wait(milliseconds: waitTime())
        now = EventLoop.monotonicTime()
        turn &+= 1
        for index in 0..<ready {
            if let (handler, readiness) = descriptors.event(at: index) { handler.ready(readiness) }
        }
        while let timer = timers.popDue(at: now) { timer.action?() }
        runJobs()
        runEndOfTurn()
        let end = EventLoop.monotonicTime()
        metrics.turns.add(nanoseconds: end &- now)
        turnEnd = end
    }

    /// Milliseconds until something is due: none when work waits, without end when nothing does.
    private func waitTime() -> Int32 {
        if !jobs.isEmpty || !endOfTurn.isEmpty { return 0 }
        guard let earliest = timers.earliest else { return -1 }
        guard earliest > turnEnd else { return 0 }
        return Int32(clamping: (earliest - turnEnd + 999_999) / 1_000_000)
    }

    /// Runs jobs, and those they bring, but not for ever: sockets must get their turn too.
    private func runJobs() {
        var left = configuration.jobsPerTurn
        let executor = asUnownedTaskExecutor()
        while !jobs.isEmpty, left > 0 {
            var batch: ContiguousArray<UnownedJob> = []
            swap(&batch, &jobs)
            left -= batch.count
            metrics.jobs &+= UInt64(batch.count)
            for job in batch { job.runSynchronously(on: executor) }
        }
    }

    private func runEndOfTurn() {
        guard !endOfTurn.isEmpty else { return }
        var batch: ContiguousArray<any EndOfTurnHandler> = []
        swap(&batch, &endOfTurn)
        for handler in batch { handler.endOfTurn() }
        batch.removeAll(keepingCapacity: true)
        if endOfTurn.isEmpty { swap(&batch, &endOfTurn) }
    }

    /// Whether there was anything.
    @discardableResult
    fileprivate func readInbox() -> Bool {
        let (newJobs, calls) = inbox.collect()
        for call in calls { call() }
        jobs.append(contentsOf: newJobs)
        return !newJobs.isEmpty || !calls.isEmpty
    }

    /// Ends the loop after this turn; `then` runs on its thread as the last thing.
    func stop(then: @escaping @Sendable () -> Void) {
        assertOnLoop()
        isStopping = true
        afterStop = then
    }

    private static let lastRounds = 100

    private func closeEverything() {
        while let listener = listeners.last { listener.close() }
        while let stream = streams.last { stream.abort(.shutdown) }
        // Those that are cancelled come to their ends, and may end others; what never ends is left.
        for _ in 0..<EventLoop.lastRounds {
            runJobs()
            runEndOfTurn()
            if !readInbox(), jobs.isEmpty, endOfTurn.isEmpty { break }
        }
        // What servers and clients keep here refers to the loop in turn, and would be kept with it for ever.
        locals = []
    }

    // MARK: TaskExecutor

    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        if isCurrent { jobs.append(job) } else { inbox.deliver(job) }
    }
}

/// Called once at the end of the turn in which it was handed to `EventLoop.atEndOfTurn`.
public protocol EndOfTurnHandler: AnyObject {
    func endOfTurn()
}

private final class InboxReader: ReadinessHandler {
    unowned let loop: EventLoop
    init(loop: EventLoop) { self.loop = loop }
    func ready(_ readiness: Readiness) { loop.readInbox() }
}
