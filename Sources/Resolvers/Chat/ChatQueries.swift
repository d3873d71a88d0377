import Actions
import Data
import GraphQLEngine
import PostgresClient

extension Query {
    static func room(_ arguments: QueryRoomArguments, in context: RequestContext) async throws -> Room? {
        guard let id = arguments.id.room else { return nil }
        let viewer = try await context.visitor().id
        return try await context.databaseInUse().session.rooms([id], visibleTo: viewer).first
            .flatMap { Room($0, viewer) }
    }

    static func group(_ arguments: QueryGroupArguments, in context: RequestContext) async throws -> GroupItem? {
        guard let id = arguments.id.uuid else { return nil }
        let viewer = try await context.signedIn().user.id
        return try await context.databaseInUse().session.groups([id], visibleTo: viewer).first
            .map { GroupItem(row: $0, viewer: viewer) }
    }
}

extension Query {
    static func channel(_ arguments: QueryChannelArguments, in context: RequestContext) async throws -> ChannelItem? {
        guard let id = arguments.id.uuid else { return nil }
        let viewer = try await context.signedIn().user.id
        return try await context.databaseInUse().session.rooms([id], visibleTo: viewer).first
            .flatMap { ChannelItem($0, viewer) }
    }

    static func channelByName(
        _ arguments: QueryChannelByNameArguments,
        in context: RequestContext
    ) async throws -> ChannelItem? {
        let viewer = try await context.signedIn().user.id
        // PostgreSQL's text has no zero, and neither has a name.
        guard !(arguments.group + arguments.channel).contains("\0") else { return nil }
        let session = try context.databaseInUse().session
        return try await session.channel(arguments.channel, inGroup: arguments.group, visibleTo: viewer)
            .flatMap { ChannelItem($0, viewer) }
    }

    static func groups(
        _ arguments: QueryGroupsArguments,
        in context: RequestContext
    ) async throws -> Connection<GroupItem>? {
        let viewer = try await context.signedIn().user.id
        let session = try context.databaseInUse().session
        let request = try context.page(
            arguments.first,
            after: arguments.after,
            last: arguments.last,
            before: arguments.before
        )
        let filter = Data.GroupFilter(
            search: arguments.filter?.search.map(ComposedText.sought),
            visibilities: arguments.filter?.visibility?.map(\.rawValue),
            isJoined: arguments.filter?.joined
        )
        let page = try await session.groups(visibleTo: viewer, filter, request)
        return Connection(page.map { GroupItem(row: $0, viewer: viewer) }) {
            try await session.groupCount(visibleTo: viewer, filter)
        }
    }
}

extension Viewer {
    static func rooms(
        of parents: Batch<Viewer>,
        _ arguments: ViewerRoomsArguments,
        in context: RequestContext
    ) async throws -> Results<Connection<Room>> {
        let request = try context.page(
            arguments.first,
            after: arguments.after,
            last: arguments.last,
            before: arguments.before
        )
        let session = try context.databaseInUse().session
        // One viewer there is in a request, or those who have just signed in.
        var results = Results<Connection<Room>>(reserving: parents.count)
        for viewer in parents.map(\.user.id.uuid) {
            guard let viewer else {
                results.append(Connection(.empty) { 0 })
                continue
            }
            let page = try await session.rooms(of: viewer, request).map { row in
                guard let room = Room(row, viewer) else { throw AccessRefusal.unavailable }
                return room
            }
            results.append(Connection(page) { try await session.roomCount(of: viewer) })
        }
        return results
    }

    static func groups(
        of parents: Batch<Viewer>,
        _ arguments: ViewerGroupsArguments,
        in context: RequestContext
    ) async throws -> Results<Connection<GroupItem>> {
        let request = try context.page(
            arguments.first,
            after: arguments.after,
            last: arguments.last,
            before: arguments.before
        )
        let session = try context.databaseInUse().session
        var results = Results<Connection<GroupItem>>(reserving: parents.count)
        for viewer in parents.map(\.user.id.uuid) {
            guard let viewer else {
                results.append(Connection(.empty) { 0 })
                continue
            }
            let page = try await session.groups(of: viewer, request).map { GroupItem(row: $0, viewer: viewer) }
            results.append(Connection(page) { try await session.groupCount(of: viewer) })
        }
        return results
    }
}

extension NodeKind {
    static let room = NodeKind(prefix: "room") { ids, context in
        let viewer = try await context.signedIn().user.id
        let rows = try await context.databaseInUse().session.rooms(ids, visibleTo: viewer)
        return Dictionary(
            uniqueKeysWithValues: rows.compactMap { row in
                switch Room(row, viewer) {
                case .channel(let channel): (row.id, .channel(channel))
                case .directRoom(let room): (row.id, .directRoom(room))
                case .conversation(let conversation): (row.id, .conversation(conversation))
                case nil: nil
                }
            }
        )
    }

    static let group = NodeKind(prefix: "grp") { ids, context in
        let viewer = try await context.signedIn().user.id
        let rows = try await context.databaseInUse().session.groups(ids, visibleTo: viewer)
        return Dictionary(uniqueKeysWithValues: rows.map { ($0.id, .group(GroupItem(row: $0, viewer: viewer))) })
    }

    static let message = NodeKind(prefix: "msg") { ids, context in
        let viewer = try await context.signedIn().user.id
        let rows = try await context.databaseInUse().session.messages(ids, visibleTo: viewer)
        return Dictionary(uniqueKeysWithValues: rows.map { ($0.id, .message(MessageItem(row: $0, viewer: viewer))) })
    }
}
