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
    var isAlone = false
    /// Who waits; nil when no one does any more.
    var continuation: UnsafeContinuation<Reply, Never>?
    /// When the waiting ends; once no one waits, when the connection is given up.
    var deadline = UInt64.max
    var reply: Reply?
    var wantsCancel = false

    /// Whether it only goes before a query.
    var isLeader: Bool {
        switch kind {
        case .prepare, .lead: true
        case .query, .sync: false
        }
    }
}
