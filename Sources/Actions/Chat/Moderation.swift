package import Data
package import PostgresClient

extension Principal {
    /// As whom they see reports. A key of a team decides about nothing.
    package var reportOnlooker: ReportOnlooker {
        ReportOnlooker(
            user: user.id,
            decidesAll: may(.roomModerate),
            deciding: isBoundToTeam ? [] : GroupPermission.roomModerate.roles,
            ranks: GroupRole.allCases.map(\.rawValue)
        )
    }
}

/// Says of messages that they should not stand, and decides about that.
package struct Moderation {
    private let work: ChatWork
    private let onlooker: ReportOnlooker

    package init(_ services: ChatServices, _ principal: Principal, from client: ClientInfo) {
        work = ChatWork(services: services, principal: principal, client: client)
        onlooker = principal.reportOnlooker
    }

    /// What the message says is kept for those who decide, whatever becomes of it meanwhile.
    package func report(
        _ message: UUID,
        reason: String,
        note: String?
    ) async throws -> Result<ModerationReportRow, ChatFaults> {
        let (work, onlooker, path) = (work, onlooker, ["messageId"])
        var faults: [ChatFault] = []
        let note = note.map { ChatText.text($0, 0...1_000, ["note"], &faults) }
        if let faults = ChatFaults(faults) { return .failure(faults) }
        let report = NewModerationReport(
            id: work.newID(),
            message: message,
            reporter: work.user,
            reason: reason,
            note: note.flatMap { $0.isEmpty ? nil : $0 }
        )
        let resource = NewAuditEntry.Resource(type: "Message", id: GlobalID.text("msg", message))
        return try await work.audited("moderation.report", on: resource) { transaction in
            guard let seen = try await transaction.lockMessage(message, visibleTo: work.user), seen.deletedAt == nil
            else { throw ChatFaults(.notFound(path)) }
            guard seen.authorID != work.user else {
                throw ChatFaults(.invalidInput, path, "Delete what you wrote yourself.")
            }
            guard try await transaction.insert(report) else {
                throw ChatFaults(.alreadyExists, path, "You have reported it already.")
            }
            guard let row = try await transaction.reports([report.id], seenBy: onlooker).first else {
                throw ChatFaults(.notFound(path))
            }
            return row
        }
    }

    /// Decides about a report; where the message is deleted, about all that are open of it.
    package func resolve(
        _ id: UUID,
        _ status: String,
        deletingMessage: Bool,
        note: String?
    ) async throws -> Result<ModerationReportRow, ChatFaults> {
        let (work, onlooker) = (work, onlooker)
        var faults: [ChatFault] = []
        let note = note.map { ChatText.text($0, 0...1_000, ["note"], &faults) }
        if status == "OPEN" { faults.append(ChatFault(.invalidInput, ["status"], "Decide about it.")) }
        if deletingMessage, status == "DISMISSED" {
            faults.append(ChatFault(.invalidInput, ["deleteMessage"], "What is dismissed stays."))
        }
        if let faults = ChatFaults(faults) { return .failure(faults) }
        let resource = NewAuditEntry.Resource(type: "ModerationReport", id: GlobalID.text("rep", id))
        return try await work.audited("moderation.resolve", on: resource) { transaction in
            // The message first, as by whoever deletes it.
            var message: MessageRow?
            if deletingMessage, let reported = try await transaction.reports([id], seenBy: onlooker).first?.messageID {
                message = try await transaction.lockMessage(reported)
            }
            guard let report = try await transaction.lockReport(id, seenBy: onlooker), report.isModerated else {
                throw ChatFaults(.notFound(["id"]))
            }
            guard report.status == "OPEN" else {
                throw ChatFaults(.invalidTransition, ["id"], "Somebody has decided about it.")
            }
            try await transaction.resolve(
                report,
                status,
                withOthersOfMessage: deletingMessage,
                resolution: note.flatMap { $0.isEmpty ? nil : $0 },
                by: work.user,
                at: work.now
            )
            // Whoever decides about all reports need not see the room.
            if let message, message.deletedAt == nil {
                let deleted = try await transaction.deleteMessage(message.id, by: work.user, at: work.now)
                work.tell([.message("MessageDeleted", deleted, by: work.user)], in: transaction)
            }
            return try await transaction.reports([id], seenBy: onlooker).first ?? report
        }
    }
}
