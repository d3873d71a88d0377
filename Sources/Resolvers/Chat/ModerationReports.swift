import Actions
import Data
import GraphQLEngine
import PostgresClient

extension ModerationReportID {
    init(_ id: UUID) { self.init(rawValue: GlobalID.text("rep", id)) }

    /// Nil for an id of another kind.
    var uuid: UUID? { GlobalID.uuid("rep", rawValue) }
}

/// The model of ModerationReport. Whoever made it sees what they said and what became of it; all else is for those who decide.
struct ModerationReportItem: Sendable {
    let row: ModerationReportRow
    let viewer: UUID

    var id: ModerationReportID { ModerationReportID(row.id) }
    var reason: ReportReason { ReportReason(rawValue: row.reason) ?? .other }
    var note: String? { row.note }
    var status: ModerationStatus { ModerationStatus(rawValue: row.status) ?? .open }
    var createdAt: DateTime { DateTime(row.createdAt) }
    var resolvedAt: DateTime? { row.resolvedAt.map(DateTime.init) }
    var body: String? { row.isModerated ? row.body : nil }
    var resolution: String? { row.isModerated ? row.resolution : nil }

    private var authorID: UUID? { row.isModerated ? row.authorID : nil }
    private var resolvedByID: UUID? { row.isModerated ? row.resolvedBy : nil }

    /// Who decides about all reports sees what was reported, and nothing else of rooms that they are not in.
    static func message(
        of parents: Batch<ModerationReportItem>,
        in context: RequestContext
    ) async throws -> Results<MessageItem?> {
        guard let viewer = parents.first?.viewer else { return Results(reserving: 0) }
        let messages = try await MessageItem.visible(parents.map(\.row.messageID), to: viewer, in: context)
        return parents.results { parent in parent.row.messageID.flatMap { messages[$0] } }
    }

    static func group(
        of parents: Batch<ModerationReportItem>,
        in context: RequestContext
    ) async throws -> Results<GroupItem?> {
        guard let viewer = parents.first?.viewer else { return Results(reserving: 0) }
        let ids = Set(parents.compactMap(\.row.groupID)).sorted()
        let rows = try await ids.isEmpty ? [] : context.databaseInUse().session.groups(ids, visibleTo: viewer)
        let groups = Dictionary(rows.map { ($0.id, GroupItem(row: $0, viewer: viewer)) }) { first, _ in first }
        return parents.results { parent in parent.row.groupID.flatMap { groups[$0] } }
    }

    static func author(
        of parents: Batch<ModerationReportItem>,
        in context: RequestContext
    ) async throws -> Results<User?> { try await people(parents, in: context) { $0.authorID } }

    static func reporter(
        of parents: Batch<ModerationReportItem>,
        in context: RequestContext
    ) async throws -> Results<User?> { try await people(parents, in: context) { $0.row.reporterID } }

    static func resolvedBy(
        of parents: Batch<ModerationReportItem>,
        in context: RequestContext
    ) async throws -> Results<User?> { try await people(parents, in: context) { $0.resolvedByID } }

    private static func people(
        _ parents: Batch<ModerationReportItem>,
        in context: RequestContext,
        _ id: (ModerationReportItem) -> UUID?
    ) async throws -> Results<User?> {
        guard let viewer = parents.first?.viewer else { return Results(reserving: 0) }
        let users = try await ChatUsers.load(parents.compactMap(id), seenBy: viewer, in: context)
        return parents.results { parent in id(parent).flatMap { users[$0] } }
    }
}

extension NodeKind {
    static let moderationReport = NodeKind(prefix: "rep") { ids, context in
        let viewer = try await context.signedIn()
        let rows = try await context.databaseInUse().session.reports(ids, seenBy: viewer.reportOnlooker)
        return Dictionary(
            rows.map { ($0.id, .moderationReport(ModerationReportItem(row: $0, viewer: viewer.user.id))) },
            uniquingKeysWith: { first, _ in first }
        )
    }
}

extension Query {
    static func moderationReports(
        _ arguments: QueryModerationReportsArguments,
        in context: RequestContext
    ) async throws -> Connection<ModerationReportItem>? {
        let principal = try await context.signedIn()
        let viewer = principal.user.id
        let session = try context.databaseInUse().session
        let request = try context.page(
            arguments.first,
            after: arguments.after,
            last: arguments.last,
            before: arguments.before
        )
        let status = arguments.status.rawValue
        func shown(_ page: Page<ModerationReportRow>) -> Connection<ModerationReportItem> {
            Connection(page.map { ModerationReportItem(row: $0, viewer: viewer) })
        }
        let refusal = AccessRefusal.missing(GroupPermission.roomModerate.rawValue)
        guard let given = arguments.groupId else {
            guard principal.may(.roomModerate) else { throw refusal }
            return shown(try await session.reports(status: status, besideThoseOf: viewer, request))
        }
        guard let id = given.uuid, let group = try await session.groups([id], visibleTo: viewer).first else {
            return nil
        }
        guard group.allows(.roomModerate) else { throw refusal }
        let onlooker = principal.reportOnlooker
        return shown(try await session.reports(of: id, status: status, seenBy: onlooker, request))
    }
}

extension Mutation {
    static func messageReport(
        _ arguments: MutationMessageReportArguments,
        in context: RequestContext
    ) async throws -> MessageReportPayload? {
        let (services, principal, client) = try await context.chat()
        guard let message = arguments.messageId.uuid else {
            return MessageReportPayload(report: nil, userErrors: [.notFound(["messageId"])])
        }
        let result = try await Moderation(services, principal, from: client).report(
            message,
            reason: arguments.reason.rawValue,
            note: arguments.note.value
        )
        return result.payload { row, errors in
            MessageReportPayload(
                report: row.map { ModerationReportItem(row: $0, viewer: principal.user.id) },
                userErrors: errors
            )
        }
    }

    static func moderationReportResolve(
        _ arguments: MutationModerationReportResolveArguments,
        in context: RequestContext
    ) async throws -> ModerationReportResolvePayload? {
        let (services, principal, client) = try await context.chat()
        guard let id = arguments.id.uuid else {
            return ModerationReportResolvePayload(report: nil, userErrors: [.notFound(["id"])])
        }
        let result = try await Moderation(services, principal, from: client).resolve(
            id,
            arguments.status.rawValue,
            deletingMessage: arguments.deleteMessage,
            note: arguments.note.value
        )
        return result.payload { row, errors in
            ModerationReportResolvePayload(
                report: row.map { ModerationReportItem(row: $0, viewer: principal.user.id) },
                userErrors: errors
            )
        }
    }
}
