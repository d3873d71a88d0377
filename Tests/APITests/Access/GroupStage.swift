import Actions
import Data
import PostgresClient

/// A group with somebody in each role, a channel, a message, somebody who asks to join and somebody who is kept out; made anew
/// for each thing that is done to it.
final class GroupStage {
    private let server: APIServer
    private var actors: [Actions.GroupRole: TestTokens] = [:]
    /// By the names that texts have for them.
    private(set) var ids: [String: String] = [:]

    init(_ server: APIServer) throws {
        self.server = server
        for role in Actions.GroupRole.allCases { actors[role] = try server.register(Self.name(of: role)) }
        for name in ["target", "asker", "banned"] { ids[name] = try server.userID(server.register(name)) }
    }

    func actor(_ role: Actions.GroupRole) throws -> TestTokens {
        guard let tokens = actors[role] else { throw PostgresError.rowCount(0) }
        return tokens
    }

    func build(visibility: String) throws {
        let kinds = [("group", "grp"), ("room", "room"), ("message", "msg"), ("request", "gjr")]
        let made = Dictionary(uniqueKeysWithValues: kinds.map { ($0.0, server.identity.newID()) })
        for (name, prefix) in kinds { ids[name] = made[name].map { GlobalID.text(prefix, $0) } }
        let (group, room) = ("'\(made["group"]!)'::uuid", "'\(made["room"]!)'::uuid")
        let roles = Actions.GroupRole.allCases.map { "('\(Self.name(of: $0))', '\($0.rawValue)')" }
        try server.sql(
            """
            BEGIN;
            INSERT INTO groups (id, name, slug, visibility)
            VALUES (\(group), \(group)::text, 'g-' || \(group)::text, '\(visibility)');
            INSERT INTO group_members (group_id, user_id, role)
            SELECT \(group), u.id, r.role
            FROM (VALUES ('target', 'MEMBER'), \(roles.joined(separator: ", "))) AS r (name, role)
            JOIN users u ON u.username = r.name;
            INSERT INTO rooms (id, kind, last_seq) VALUES (\(room), 'CHANNEL', 1);
            INSERT INTO channels (id, group_id, name) VALUES (\(room), \(group), 'general');
            INSERT INTO room_members (room_id, user_id) SELECT \(room), id FROM users WHERE username = 'target';
            INSERT INTO messages (id, room_id, seq, author_id, body)
            SELECT '\(made["message"]!)', \(room), 1, id, 'hello' FROM users WHERE username = 'target';
            INSERT INTO group_join_requests (id, group_id, user_id)
            SELECT '\(made["request"]!)', \(group), id FROM users WHERE username = 'asker';
            INSERT INTO group_bans (group_id, user_id, reason)
            SELECT \(group), id, 'spam' FROM users WHERE username = 'banned';
            COMMIT
            """
        )
    }

    /// Asks for one mutation, as `r`.
    func ask(_ mutation: String, _ actor: TestTokens) throws -> APIAnswer {
        let used = ids.filter { mutation.contains("$\($0.key)") }
        let declared = used.keys.sorted().map { "$\($0): ID!" }.joined(separator: ", ")
        return try server.ask(
            "mutation (\(declared)) { r: \(mutation) { userErrors { code path } } }",
            used,
            token: actor.access
        )
    }

    static func name(of role: Actions.GroupRole) -> String { "a_\(role.rawValue.lowercased())" }
}
