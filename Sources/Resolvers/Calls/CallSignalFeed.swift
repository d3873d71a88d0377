import Actions
import Data
import EventLoop
import GraphQLEngine
import PostgresClient

/// The model of CallSignal.
struct CallSignalItem: Sendable {
    let row: CallSignalRow
    let viewer: UUID

    var seq: Int32 { Int32(clamping: row.seq) }
    var fromDeviceId: String { row.fromDeviceID }
    var kind: CallSignalKind { CallSignalKind(rawValue: row.kind) ?? .negotiate }
    var payload: String { row.payload }

    static func fromUser(of parents: Batch<CallSignalItem>, in context: RequestContext) async throws -> Results<User?> {
        guard let viewer = parents.first?.viewer else { return Results(reserving: 0) }
        let users = try await ChatUsers.load(parents.map(\.row.fromUserID), seenBy: viewer, in: context)
        return parents.results { users[$0.row.fromUserID] }
    }
}

/// What others say to one device in a call: since a place, then as it comes, in order and each once.
///
/// Whoever listens is on the line. It ends with the call, when another device of the same person has it, when they do not see
/// the room any more, and with the session; that is asked before each signal.
struct CallSignalFeed: AsyncSequence, AsyncIteratorProtocol {
    private let line: OpenLine
    private let call: UUID
    private let device: String
    private let principal: Principal
    private let services: ChatServices
    private let database: Database

    /// Nil where the device has nothing to listen to.
    init?(
        _ call: UUID,
        _ device: String,
        after seq: Int,
        for principal: Principal,
        _ services: ChatServices,
        _ database: Database
    ) async throws {
        self.call = call
        self.device = device
        self.principal = principal
        self.services = services
        self.database = database
        let user = principal.user.id
        guard let row = try await database.session.calls([call], visibleTo: user).first, row.isLive,
            let own = try await database.session.participant(user, seeing: call), own.listens(on: device)
        else { return nil }
        let subscription = try await database.events.subscribe(to: NewEvent.signalTopic(call, user), after: seq)
        line = OpenLine(subscription) { try? await services.keepAlive(user, in: call, device: device) }
    }

    func makeAsyncIterator() -> CallSignalFeed { self }

    mutating func next() async throws -> CallSignalItem? {
        let user = principal.user.id
        while let item = try await line.subscription.next() {
            guard case .event(let event) = item else { continue }
            guard try await services.identity.goesOn(principal) else { throw AccessRefusal.unauthenticated }
            let own = try await database.session.participant(user, seeing: call)
            guard event.kind != "CallEnded", let own, own.listens(on: device) else { break }
            // What is kept no longer is of no use any more.
            if let row = try await database.session.callSignal(event.seq, to: user, of: call) {
                return CallSignalItem(row: row, viewer: user)
            }
        }
        line.close()
        return nil
    }
}

extension CallParticipantRow {
    /// Every device of somebody who is called may listen, until one of them has the call.
    fileprivate func listens(on device: String) -> Bool {
        state == "RINGING" || state == "JOINED" && deviceID == device
    }
}

/// Keeps somebody on the line as long as anybody listens.
///
/// `@unchecked Sendable`: its timer is confined to the loop of its subscription.
private final class OpenLine: @unchecked Sendable {
    /// Well within the time after which a silent line is taken for a dead one.
    private static let interval = Duration.seconds(20)

    let subscription: EventSubscription
    private let timer: Timer

    init(_ subscription: EventSubscription, _ keepAlive: @escaping @Sendable () async -> Void) {
        self.subscription = subscription
        let loop = subscription.loop
        let again = Again()
        timer = loop.timer {
            loop.startTask { await keepAlive() }
            again.timer?.set(after: Self.interval.nanoseconds)
        }
        again.timer = timer
        timer.set(after: 0)
    }

    func close() {
        timer.cancel()
        subscription.cancel()
    }

    deinit {
        subscription.loop.execute { [subscription, timer] in
            timer.cancel()
            subscription.cancel()
        }
    }

    /// What a timer's own action knows it by.
    private final class Again { weak var timer: Timer? }
}
