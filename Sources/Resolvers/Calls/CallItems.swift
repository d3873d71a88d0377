import Actions
import Data
import GraphQLEngine
import PostgresClient

extension CallID {
    init(_ id: UUID) { self.init(rawValue: GlobalID.text("call", id)) }

    /// Nil for an id of another kind.
    var uuid: UUID? { GlobalID.uuid("call", rawValue) }
}

/// The model of Call.
struct CallItem: Sendable {
    let row: CallRow
    let viewer: UUID

    var id: CallID { CallID(row.id) }
    var kind: CallKind { CallKind(rawValue: row.kind) ?? .audio }
    var status: CallStatus { CallStatus(rawValue: row.status) ?? .failed }
    var endReason: CallEndReason? { row.endReason.flatMap(CallEndReason.init(rawValue:)) }
    var ringingAt: DateTime { DateTime(row.ringingAt) }
    var ringExpiresAt: DateTime { DateTime(row.ringExpiresAt) }
    var answeredAt: DateTime? { row.answeredAt.map(DateTime.init) }
    var endedAt: DateTime? { row.endedAt.map(DateTime.init) }
    var durationSeconds: Int32? {
        guard let answered = row.answeredAt, let ended = row.endedAt else { return nil }
        return Int32(clamping: (ended.microseconds - answered.microseconds) / 1_000_000)
    }

    static func room(of parents: Batch<CallItem>, in context: RequestContext) async throws -> Results<Room?> {
        guard let viewer = parents.first?.viewer else { return Results(reserving: 0) }
        let ids = Set(parents.map(\.row.roomID)).sorted()
        let rows = try await context.databaseInUse().session.rooms(ids, visibleTo: viewer)
        let rooms = Dictionary(uniqueKeysWithValues: rows.map { ($0.id, $0) })
        return parents.results { parent in rooms[parent.row.roomID].flatMap { Room($0, viewer) } }
    }

    static func caller(of parents: Batch<CallItem>, in context: RequestContext) async throws -> Results<User?> {
        guard let viewer = parents.first?.viewer else { return Results(reserving: 0) }
        let users = try await ChatUsers.load(parents.map(\.row.callerID), seenBy: viewer, in: context)
        return parents.results { users[$0.row.callerID] }
    }

    static func receiver(of parents: Batch<CallItem>, in context: RequestContext) async throws -> Results<User?> {
        guard let viewer = parents.first?.viewer else { return Results(reserving: 0) }
        let users = try await ChatUsers.load(parents.compactMap(\.row.receiverID), seenBy: viewer, in: context)
        return parents.results { parent in parent.row.receiverID.flatMap { users[$0] } }
    }

    /// Who was taken out of a room while people speak there sees of the call that they were in it, and nobody else.
    static func participants(
        of parents: Batch<CallItem>,
        in context: RequestContext
    ) async throws -> Results<[CallParticipantItem]> {
        guard let viewer = parents.first?.viewer else { return Results(reserving: 0) }
        let rows = try await context.databaseInUse().session.participants(of: parents.map(\.row.id))
        let byCall = Dictionary(grouping: rows, by: \.callID)
        let open = try await openRooms(of: parents.filter(\.row.isLive), to: viewer, in: context)
        return parents.results { parent in
            let seesAll = !parent.row.isLive || open.contains(parent.row.roomID)
            return (byCall[parent.row.id] ?? []).filter { seesAll || $0.userID == viewer }
                .map { CallParticipantItem(row: $0, viewer: viewer) }
        }
    }

    /// Those of the calls' rooms that the viewer sees.
    private static func openRooms(
        of calls: [CallItem],
        to viewer: UUID,
        in context: RequestContext
    ) async throws -> Set<UUID> {
        let ids = Set(calls.map(\.row.roomID)).sorted()
        guard !ids.isEmpty else { return [] }
        return Set(try await context.databaseInUse().session.rooms(ids, visibleTo: viewer).map(\.id))
    }

    /// Credentials are for those who take part, and as long as they do.
    static func iceServers(
        of parents: Batch<CallItem>,
        in context: RequestContext
    ) async throws -> Results<[IceServer]> {
        guard let viewer = parents.first?.viewer else { return Results(reserving: 0) }
        let (services, _) = try context.identityServices()
        let live = parents.filter(\.row.isLive).map(\.row.id)
        let rows = try await live.isEmpty ? [] : context.databaseInUse().session.participants(of: live)
        let own = Set(
            rows.filter { $0.userID == viewer && ["JOINED", "RINGING"].contains($0.state) }.map(\.callID)
        )
        let open = try await openRooms(of: parents.filter { own.contains($0.row.id) }, to: viewer, in: context)
        let entries = context.chatOptions.calls.iceServers(for: viewer, at: services.now)
        return parents.results { parent in
            own.contains(parent.row.id) && open.contains(parent.row.roomID) ? entries.map(IceServer.init) : []
        }
    }
}

extension IceServer {
    fileprivate init(_ entry: IceServerEntry) {
        self.init(
            urls: entry.urls,
            username: entry.username,
            credential: entry.credential,
            expiresAt: entry.expiresAt.map(DateTime.init)
        )
    }
}

/// The model of CallParticipant.
struct CallParticipantItem: Sendable {
    let row: CallParticipantRow
    let viewer: UUID

    var deviceId: String? { row.deviceID }
    var state: CallParticipantState { CallParticipantState(rawValue: row.state) ?? .left }
    var joinedAt: DateTime? { row.joinedAt.map(DateTime.init) }
    var leftAt: DateTime? { row.leftAt.map(DateTime.init) }
    var audioMuted: Bool { row.isAudioMuted }
    var videoMuted: Bool { row.isVideoMuted }
    var screenSharing: Bool { row.isScreenSharing }

    static func user(
        of parents: Batch<CallParticipantItem>,
        in context: RequestContext
    ) async throws -> Results<User?> {
        guard let viewer = parents.first?.viewer else { return Results(reserving: 0) }
        let users = try await ChatUsers.load(parents.map(\.row.userID), seenBy: viewer, in: context)
        return parents.results { users[$0.row.userID] }
    }
}

extension RoomItem {
    /// What goes on in rooms, by one statement: the rows of the rooms show that it may be known.
    static func activeCall(of parents: Batch<Self>, in context: RequestContext) async throws -> Results<CallItem?> {
        let rows = try await context.databaseInUse().session.liveCalls(in: parents.map(\.row.id))
        let calls = Dictionary(rows.map { ($0.roomID, $0) }) { first, _ in first }
        return parents.results { parent in calls[parent.row.id].map { CallItem(row: $0, viewer: parent.viewer) } }
    }
}

extension NodeKind {
    static let call = NodeKind(prefix: "call") { ids, context in
        let viewer = try await context.signedIn().user.id
        let rows = try await context.databaseInUse().session.calls(ids, visibleTo: viewer)
        return Dictionary(uniqueKeysWithValues: rows.map { ($0.id, .call(CallItem(row: $0, viewer: viewer))) })
    }
}
