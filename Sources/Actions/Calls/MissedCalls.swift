internal import Data
internal import PostgresClient

extension ChatServices {
    /// What those find in their list whom a call rang for in vain, each once however often this is asked: what is to be
    /// appended with what is told of the call itself.
    func missed(_ call: CallRow, _ people: [CallParticipantRow], in transaction: Transaction) async throws -> [NewEvent]
    {
        let missing = people.filter { $0.state == "MISSED" && $0.userID != call.callerID }.map(\.userID)
        guard !missing.isEmpty, let caller = try await transaction.session.users([call.callerID]).first
        else { return [] }
        let note = NewNotification(
            .missedCall,
            to: missing,
            title: "\(caller.name) called you",
            body: "",
            german: NotificationWords("\(caller.name) hat Sie angerufen"),
            actor: caller.id,
            subject: (prefix: "call", id: call.id),
            room: call.roomID,
            repetition: .once("call.missed:\(call.id)")
        )
        return try await Notify(identity).write([note], in: transaction)
    }
}
