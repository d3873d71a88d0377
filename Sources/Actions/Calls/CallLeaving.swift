internal import Data
internal import PostgresClient

/// Calls are for those who see their rooms: who is taken out of a room is taken out of its call, in the same transaction.
extension ChatWork {
    /// Takes those out of the live calls of these rooms who see them no more; what is to be told of that.
    ///
    /// - Parameter person: who lost the rooms, where that is one: nobody calls them meanwhile. Of more, the room is to be held.
    func leaveCalls(
        of person: UUID? = nil,
        in rooms: [UUID],
        _ transaction: Transaction
    ) async throws -> [NewEvent] {
        if let person { try await transaction.lockPeople([person]) }
        var events: [NewEvent] = []
        for id in try await transaction.liveCalls(in: rooms).map(\.id).sorted() {
            guard let call = try await transaction.lockCall(id), call.isLive else { continue }
            let gone = try await transaction.dropStrangers(of: id, at: now)
            guard !gone.isEmpty else { continue }
            let isTakenBack = call.status == "RINGING" && gone.contains(call.callerID)
            let reason = call.status == "ACTIVE" ? "HANGUP" : isTakenBack ? "CANCELLED" : nil
            let settled = try await services.settle(call, reason: reason, in: transaction).call
            let people = try await transaction.participants(of: [id])
            events += NewEvent.changed(settled, people.map(\.userID), by: user)
            events += try await services.missed(settled, people, in: transaction)
            if settled.isLive { events += gone.map { .lineEnded(call, of: $0, by: user) } }
        }
        return events
    }
}

extension ChatServices {
    /// Ends the calls of rooms that are held and go; what is to be told of that.
    func endCalls(in rooms: [UUID], by actor: UUID?, _ transaction: Transaction) async throws -> [NewEvent] {
        var events: [NewEvent] = []
        for id in try await transaction.liveCalls(in: rooms).map(\.id).sorted() {
            guard let call = try await transaction.lockCall(id), call.isLive else { continue }
            let (status, reason) = call.status == "ACTIVE" ? ("ENDED", "HANGUP") : ("CANCELLED", "CANCELLED")
            let ended = try await transaction.setCallStatus(status, of: id, reason: reason, at: identity.clock())
            let people = try await transaction.participants(of: [id]).map(\.userID)
            events += NewEvent.changed(ended, people, by: actor)
        }
        return events
    }
}
