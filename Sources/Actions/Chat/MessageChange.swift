package import Data
package import PostgresClient

/// Edits and deletes messages.
package struct MessageChange {
    private let work: ChatWork
    private let onlooker: ReportOnlooker

    package init(_ services: ChatServices, _ principal: Principal, from client: ClientInfo) {
        work = ChatWork(services: services, principal: principal, client: client)
        onlooker = principal.reportOnlooker
    }

    /// Only its author, and only for a while; what it said before is kept.
    package func edit(_ id: UUID, body: String) async throws -> Result<MessageRow, ChatFaults> {
        let work = work
        let options = work.services.options
        let path = ["input", "id"]
        var faults: [ChatFault] = []
        let body = ChatText.text(body, 1...options.messageLength, ["input", "body"], &faults)
        if let faults = ChatFaults(faults) { return .failure(faults) }
        return try await work.transaction { transaction in
            let (message, admitted) = try await self.message(id, path, transaction)
            guard message.authorID == work.user else { throw ChatFaults(.forbidden(path)) }
            guard admitted.room.archivedAt == nil else {
                throw ChatFaults(.roomArchived, path, "The room is archived.")
            }
            if let fault = work.block(admitted, path) ?? work.timeOut(admitted, path) { throw ChatFaults(fault) }
            let now = work.now
            guard now.microseconds - message.createdAt.microseconds < options.editHours * 3_600_000_000 else {
                throw ChatFaults(.messageTooOld, path, "Messages can be edited for \(options.editHours) hours.")
            }
            if message.body == body { return message }
            let edited = try await transaction.editMessage(
                id,
                body: body,
                by: work.user,
                at: now,
                mostRevisions: options.revisionsPerMessage
            )
            guard let edited else {
                let limit = options.revisionsPerMessage
                throw ChatFaults(.quota("message_revisions", path, limit: limit, used: limit))
            }
            let mentions = try await work.mention(edited, in: transaction)
            work.tell([.message("MessageEdited", edited, by: work.user)] + mentions, in: transaction)
            return edited
        }
    }

    /// Its author, or whoever moderates the channel, who has decided about all that is reported of it then: its author does not. Its
    /// place stays, so that numbers have no gaps.
    package func delete(_ id: UUID) async throws -> Result<MessageRow, ChatFaults> {
        let (work, onlooker, path) = (work, onlooker, ["id"])
        let resource = NewAuditEntry.Resource(type: "Message", id: GlobalID.text("msg", id))
        return try await work.audited("message.delete", on: resource) { transaction in
            let (message, admitted) = try await self.message(id, path, transaction)
            guard message.authorID == work.user || admitted.room.isModerated else { throw ChatFaults(.forbidden(path)) }
            if message.authorID != work.user {
                try await transaction.settleReports(ofMessage: id, by: onlooker, at: work.now)
            }
            let deleted = try await transaction.deleteMessage(id, by: work.user, at: work.now)
            work.tell([.message("MessageDeleted", deleted, by: work.user)], in: transaction)
            return deleted
        }
    }

    /// A message that is still there, held, and its room.
    private func message(
        _ id: UUID,
        _ path: [String],
        _ transaction: Transaction
    ) async throws -> (MessageRow, RoomAdmission) {
        guard let message = try await transaction.lockMessage(id, visibleTo: work.user), message.deletedAt == nil,
            let admitted = try await transaction.admission(of: work.user, to: message.roomID)
        else { throw ChatFaults(.notFound(path)) }
        return (message, admitted)
    }
}
