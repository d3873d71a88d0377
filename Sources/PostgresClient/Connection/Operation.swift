/// Something sent to the server that has not answered it yet.
struct Operation {
    enum Kind {
        /// Goes before the first use of a statement; its failure is that of the query behind it.
        case prepare(StatementText)
        /// Opens the transaction of the query behind it; so is its failure.
        case lead
        case query(StatementText)
        case sync
    }

    /// Who is told what a query came to, once.
    enum Waiter {
        case one(UnsafeContinuation<Reply, Never>)
        /// One of several that were sent together, by its place among them.
        case part(BatchReplies, Int)

        func resume(returning reply: Reply) {
            switch self {
            case .one(let continuation): continuation.resume(returning: reply)
            case .part(let replies, let place): replies.take(reply, at: place)
            }
        }
    }

    /// What a query came to. `@unchecked Sendable`: a result has one owner, who frees it.
    enum Reply: @unchecked Sendable {
        /// Belongs to whoever gets it.
        case result(OpaquePointer)
        case error(PostgresError)
        /// An earlier statement of the batch failed, and this one did not run.
        case aborted
    }

    let kind: Kind
    /// Names the operation to whoever may cancel it; 0 for those that no one does.
    var ticket: UInt64 = 0
    /// One of a transaction's own, which is never sent again.
    var isOwn = false
    /// Who waits; nil when no one does any more.
    var continuation: Waiter?
    /// When the waiting ends; once no one waits, when the connection is given up.
    var deadline = UInt64.max
    var reply: Reply?
    var wantsCancel = false
    /// A transaction by itself: its result is of use when the synchronisation behind it has committed it.
    var isCommitted = false
    /// What a synchronisation commits; it belongs to whoever waits for that.
    var uncommitted: OpaquePointer?
    /// Why it did not.
    var refusal: PostgresError?
    /// When it was sent.
    var sentAt: UInt64 = 0
    /// What a synchronisation commits.
    var committed: StatementText?

    /// A synchronisation answers in the place of the query that it commits.
    mutating func takeOver(_ query: Operation, _ result: OpaquePointer) {
        ticket = query.ticket
        isOwn = query.isOwn
        continuation = query.continuation
        deadline = query.deadline
        wantsCancel = query.wantsCancel
        isCommitted = true
        uncommitted = result
        sentAt = query.sentAt
        if case .query(let text) = query.kind { committed = text }
    }

    /// Whether it only goes before a query.
    var isLeader: Bool {
        switch kind {
        case .prepare, .lead: true
        case .query, .sync: false
        }
    }
}

/// The replies to statements that were sent together; whoever waits hears of them when all are there.
final class BatchReplies {
    private var replies: [Operation.Reply?]
    private var missing: Int
    private let continuation: UnsafeContinuation<[Operation.Reply], Never>

    init(_ count: Int, _ continuation: UnsafeContinuation<[Operation.Reply], Never>) {
        replies = Array(repeating: nil, count: count)
        missing = count
        self.continuation = continuation
    }

    func take(_ reply: Operation.Reply, at place: Int) {
        replies[place] = reply
        missing -= 1
        if missing == 0 { continuation.resume(returning: replies.map { $0 ?? .aborted }) }
    }
}
