package import Data
package import PostgresClient

/// Changes what is known of a group.
package struct GroupUpdate {
    private let work: ChatWork

    package init(_ services: ChatServices, _ principal: Principal, from client: ClientInfo) {
        work = ChatWork(services: services, principal: principal, client: client)
    }

    /// - Parameter version: what it was when whoever asks saw it.
    package func run(_ id: UUID, _ change: GroupChange, version: Int32?) async throws -> Result<GroupRow, ChatFaults> {
        let work = work
        var faults: [ChatFault] = []
        let name = change.name.map { ChatText.line($0, 2...80, ["input", "name"], &faults) }
        let description = change.description.map { ChatText.text($0, 0...1_000, ["input", "description"], &faults) }
        if let faults = ChatFaults(faults) { return .failure(faults) }
        let change = GroupChange(name: name, description: description, visibility: change.visibility)
        let resource = NewAuditEntry.Resource(type: "Group", id: GlobalID.text("grp", id))
        return try await work.audited("group.update", on: resource) { transaction in
            guard let group = try await transaction.lockGroup(id, visibleTo: work.user) else {
                throw ChatFaults(.notFound(["input", "id"]))
            }
            guard group.isManaged else { throw ChatFaults(.forbidden(["input", "id"])) }
            if let version, version != group.version {
                let message = "Somebody else has changed it meanwhile."
                throw ChatFaults(.staleVersion, ["input", "version"], message, .version(group.version))
            }
            if let name, try await transaction.isGroupName(name, takenBeside: id) {
                throw ChatFaults(.nameTaken, ["input", "name"], "Another group has this name.")
            }
            try await transaction.changeGroup(id, change)
            guard let row = try await transaction.groups([id], visibleTo: work.user).first else {
                throw PostgresError.rowCount(0)
            }
            work.tell([.group("GroupChanged", id, by: work.user)], in: transaction)
            return row
        }
    }
}
