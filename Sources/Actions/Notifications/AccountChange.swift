/// What has become of the ways into an account. The words are for notifications; mails have their own.
enum AccountChange: String, Sendable, CaseIterable {
    case oauthLinked = "oauth_linked"
    case oauthUnlinked = "oauth_unlinked"
    case keyMade = "key_made"
    case keyRotated = "key_rotated"

    var title: String {
        switch self {
        case .oauthLinked: "An account was linked"
        case .oauthUnlinked: "An account was unlinked"
        case .keyMade: "A key was made"
        case .keyRotated: "A key has a new secret"
        }
    }

    /// Without its end, for it may go on with where this was done from.
    func sentence(_ name: String) -> String {
        switch self {
        case .oauthLinked: "An account of \(name) can be used to sign in since it was linked"
        case .oauthUnlinked: "The account of \(name) cannot be used to sign in since it was unlinked"
        case .keyRotated: "The key “\(name)” has another secret since it was rotated"
        case .keyMade: "A program with the key “\(name)” can act for you since it was made"
        }
    }

    var germanTitle: String {
        switch self {
        case .oauthLinked: "Ein Konto wurde verknüpft"
        case .oauthUnlinked: "Eine Verknüpfung wurde gelöst"
        case .keyMade: "Ein Schlüssel wurde angelegt"
        case .keyRotated: "Ein Schlüssel hat ein neues Geheimnis"
        }
    }

    /// As `sentence`.
    func germanSentence(_ name: String) -> String {
        switch self {
        case .oauthLinked: "Ein Konto bei \(name) wurde zum Anmelden verknüpft"
        case .oauthUnlinked: "Die Verknüpfung mit dem Konto bei \(name) wurde gelöst"
        case .keyRotated: "Der Schlüssel „\(name)“ bekam ein neues Geheimnis"
        case .keyMade: "Der Schlüssel „\(name)“ wurde angelegt, mit dem ein Programm für Sie handeln kann"
        }
    }
}
