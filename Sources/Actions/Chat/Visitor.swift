package import Data
package import PostgresClient

/// Whoever takes part in rooms: somebody with an account, or a guest who came by the link of one conversation.
package enum Visitor: Sendable, Equatable {
    case user(Principal)
    case guest(GuestLinkRow)
    /// Somebody with an account who is not there: what they asked for happens now.
    case absent(UserRow)

    /// As whom they see rooms.
    package var id: UUID {
        switch self {
        case .user(let principal): principal.user.id
        case .guest(let link): link.guestID
        case .absent(let user): user.id
        }
    }

    package var isGuest: Bool { if case .guest = self { true } else { false } }
    /// Whether somebody of ours sees the room while they write.
    var isReading: Bool { if case .absent = self { false } else { !isGuest } }

    /// As others are told of them.
    var name: String {
        switch self {
        case .user(let principal): principal.user.name
        case .guest: "A guest"
        case .absent(let user): user.name
        }
    }

    var germanName: String { isGuest ? "Ein Gast" : name }
}

extension IdentityServices {
    /// Whether somebody who was let in may stay. What a guest still sees is asked of the database for every event.
    package func goesOn(_ visitor: Visitor) async throws -> Bool {
        switch visitor {
        case .user(let principal): try await goesOn(principal)
        case .guest: true
        case .absent: false
        }
    }
}
