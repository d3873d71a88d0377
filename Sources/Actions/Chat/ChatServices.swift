internal import Data
internal import PostgresClient

/// What the actions of chat work with, beside who asks.
package struct ChatServices: Sendable {
    package let identity: IdentityServices
    package let options: ChatOptions

    package init(_ identity: IdentityServices, _ options: ChatOptions = ChatOptions()) {
        self.identity = identity
        self.options = options
    }

    var database: Database { identity.database }
}

/// What can be set about chat; the most of everything.
package struct ChatOptions: Sendable {
    /// That one user sends.
    package var messagesPerMinute = 120
    /// That one user makes.
    package var groupsPerUser = 100
    package var membersPerGroup = 10_000
    package var channelsPerGroup = 200
    /// In characters.
    package var messageLength = 20_000
    /// How long a message can be edited.
    package var editHours: Int64 = 24
    package var revisionsPerMessage = 100
    /// Different emoji on one message.
    package var reactionKinds = 50
    /// People that one message speaks of.
    package var mentionsPerMessage = 50
    package var attachmentsPerMessage = 10
    package var pinsPerRoom = 50
    package var starsPerUser = 10_000
    package var searchesPerMinute = 60
    /// Messages of one user that wait for their time.
    package var scheduledPerUser = 100
    /// That one user has sent later, whether they take them back or not.
    package var schedulesPerHour = 60
    /// People whom one user has blocked.
    package var blocksPerUser = 10_000
    /// People of a direct room, whoever opens it among them.
    package var directRoomSize = 10
    /// People of a room in which it is told how far each has read.
    package var readersTold = 100
    /// How long somebody counts as typing after they last said so.
    package var typingSeconds: Int64 = 8
    /// Signals of one person that are more than a look-up.
    package var typingPerMinute = 60
    /// Rooms of one subscription.
    package var roomsPerSubscription = 200
    /// That one user owns.
    package var conversationsPerUser = 1_000
    package var sellersPerConversation = 50
    package var productsPerSeller = 500
    /// How long the link of a guest is good, at most.
    package var guestLinkDays = 90
    package var calls = CallOptions()

    package init() {}
}

/// Whoever acts, and what with: what all actions of chat have.
struct ChatWork {
    let services: ChatServices
    let visitor: Visitor
    let client: ClientInfo

    init(services: ChatServices, principal: Principal, client: ClientInfo) {
        self.init(services: services, visitor: .user(principal), client: client)
    }

    init(services: ChatServices, visitor: Visitor, client: ClientInfo) {
        self.services = services
        self.visitor = visitor
        self.client = client
    }

    /// Whoever acts: a user, but where guests are let in.
    var user: UUID { visitor.id }
    var now: Timestamp { services.identity.clock() }
    func newID() -> UUID { services.identity.newID() }

    /// All of it in one transaction, or nothing: a fault that is thrown undoes what was done before it.
    func transaction<Value: Sendable>(
        _ body: @escaping (Transaction) async throws -> Value
    ) async throws -> Result<Value, ChatFaults> {
        do { return .success(try await services.database.pool.transaction { try await body($0) }) } catch {
            guard let faults = ChatFaults(of: error) else { throw error }
            return .failure(faults)
        }
    }

    /// The same, written to the audit log: what is refused, too.
    ///
    /// - Parameter made: names what it was done to, where that is not known before.
    func audited<Value: Sendable>(
        _ action: String,
        on resource: NewAuditEntry.Resource?,
        made: ((Value) -> NewAuditEntry.Resource)? = nil,
        _ body: @escaping (Transaction) async throws -> Value
    ) async throws -> Result<Value, ChatFaults> {
        let (user, client) = (user, client)
        let result = try await transaction { transaction in
            let value = try await body(transaction)
            let resource = made?(value) ?? resource
            try await transaction.record(NewAuditEntry(action, .succeeded, by: user, on: resource, from: client))
            try await client.settle(resource?.id, in: transaction)
            return value
        }
        if case .failure(let faults) = result {
            let code = faults.all[0].code.rawValue
            let entry = NewAuditEntry(action, .refused, by: user, on: resource, from: client, errorCode: code)
            try await services.database.pool.transaction { try await $0.record(entry) }
        }
        return result
    }

    /// Events go last, with COMMIT: their topics are held no longer than that takes.
    func tell(_ events: [NewEvent], in transaction: Transaction) {
        transaction.appendLastly(events, waking: services.database.events)
    }
}
