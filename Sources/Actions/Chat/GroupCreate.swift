internal import Credentials
package import Data
internal import PostgresClient

/// Makes a group with a first channel; whoever asks owns it.
package struct GroupCreate {
    private let work: ChatWork

    package init(_ services: ChatServices, _ principal: Principal, from client: ClientInfo) {
        work = ChatWork(services: services, principal: principal, client: client)
    }

    package func run(name: String, description: String, visibility: String) async throws -> Result<GroupRow, ChatFaults>
    {
        let work = work
        var faults: [ChatFault] = []
        let name = ChatText.line(name, 2...80, ["input", "name"], &faults)
        let description = ChatText.text(description, 0...1_000, ["input", "description"], &faults)
        if let faults = ChatFaults(faults) { return .failure(faults) }
        let id = work.newID()
        let group = NewGroup(
            id: id,
            name: name,
            slug: ChatText.slug(of: name, ending: String(GlobalID.text("", id).suffix(6).lowercased())),
            description: description,
            visibility: visibility,
            createdBy: work.user
        )
        let channel = NewChannel(
            id: work.newID(),
            groupID: id,
            name: "general",
            kind: "TEXT",
            topic: "",
            isPrivate: false,
            createdBy: work.user
        )
        let resource = NewAuditEntry.Resource(type: "Group", id: GlobalID.text("grp", id))
        return try await work.audited("group.create", on: nil, made: { _ in resource }) { transaction in
            try await transaction.holdOwner(work.user)
            let (limit, used) = (work.services.options.groupsPerUser, try await transaction.groupsMade(by: work.user))
            guard used < limit else { throw ChatFaults(.quota("groups", ["input"], limit: limit, used: used)) }
            guard try await transaction.insert(group) else {
                throw ChatFaults(.nameTaken, ["input", "name"], "Another group has this name.")
            }
            _ = try await transaction.addGroupMembers([work.user], to: id, role: "OWNER")
            _ = try await transaction.insert(channel)
            guard let row = try await transaction.groups([id], visibleTo: work.user).first else {
                throw PostgresError.rowCount(0)
            }
            return row
        }
    }
}
