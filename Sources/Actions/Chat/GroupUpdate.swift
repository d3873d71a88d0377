package import Data
internal import PostgresClient

/// Changes what is known of a group.
package struct GroupUpdate {
    private let work: ChatWork

    package init(_ services: ChatServices, _ principal: Principal, from client: ClientInfo) {
        work = ChatWork(services: services, principal: principal, client: client)
    }

    /// - Parameter version: what it was when whoever asks saw it.
    package func run(
        _ access: GroupAccess,
        _ change: GroupChange,
        version: Int32?
    ) async throws -> Result<GroupRow, ChatFaults> {
        let work = work
        var faults: [ChatFault] = []
        let name = change.name.map { ChatText.line($0, 2...80, ["input", "name"], &faults) }
        let description = change.description.map { ChatText.text($0, 0...1_000, ["input", "description"], &faults) }
        if let faults = ChatFaults(faults) { return .failure(faults) }
        let avatar = change.avatarFileID
        let change = GroupChange(
            name: name,
            description: description,
            visibility: change.visibility,
            avatarFileID: avatar
        )
        return try await work.audited("group.update", on: access.resource("Group")) { transaction in
            let group = try await access.lockedGroup(in: transaction)
            if let version, version != group.version {
                let message = "Somebody else has changed it meanwhile."
                throw ChatFaults(.staleVersion, ["input", "version"], message, .version(group.version))
            }
            if let name, try await transaction.isGroupName(name, takenBeside: group.id) {
                throw ChatFaults(.nameTaken, ["input", "name"], "Another group has this name.")
            }
            if case .some(.some(let avatar)) = change.avatarFileID,
                try await !transaction.lockAvatar(avatar, of: work.user)
            {
                throw ChatFaults(.notFound(["input", "avatarFileId"]))
            }
            try await transaction.changeGroup(group.id, change)
            guard let row = try await transaction.groups([group.id], visibleTo: work.user).first else {
                throw PostgresError.rowCount(0)
            }
            work.tell([.group("GroupChanged", group.id, by: work.user)], in: transaction)
            return row
        }
    }
}
