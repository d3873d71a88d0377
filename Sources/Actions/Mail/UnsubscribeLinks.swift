internal import Credentials
internal import Data
package import PostgresClient

/// Addresses by which whoever reads a mail wants no more of its kind: with one request, and without signing in
/// (https://www.rfc-editor.org/rfc/rfc8058). Each says whose mails, and which, and is signed.
package struct UnsubscribeLinks: Sendable {
    /// What somebody wants no more of by mail.
    package enum Subject: Sendable, Equatable {
        /// Notifications of a category.
        case category(NotificationKind.Category)
        case digest
    }

    package static let path = "/unsubscribe/"
    /// Old mails are read, too.
    private static let lifetimeSeconds: Int64 = 2 * 31_536_000
    private let links: SignedLinks
    private let base: String

    /// Signed as links of files are, at the same server.
    package init(_ files: FileServices) {
        links = files.links
        base = files.options.publicURL
    }

    func address(of user: UUID, _ subject: Subject, at now: Timestamp) -> String {
        let path = Self.path + GlobalID.text("usr", user) + "/" + subject.word
        return base + links.sign("POST", path, untilSeconds: now.microseconds / 1_000_000 + Self.lifetimeSeconds)
    }

    /// Nil for what is none of ours, or has ended.
    ///
    /// - Parameter target: path and query as they came.
    package func read(_ target: String, at now: Timestamp) -> (user: UUID, subject: Subject)? {
        guard links.check("POST", target, atSeconds: now.microseconds / 1_000_000) == .good else { return nil }
        let path = target.prefix { $0 != "?" }
        guard path.hasPrefix(Self.path) else { return nil }
        let parts = path.dropFirst(Self.path.count).split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let user = GlobalID.uuid("usr", String(parts[0])),
            let subject = Subject(word: String(parts[1]))
        else { return nil }
        return (user, subject)
    }
}

extension UnsubscribeLinks.Subject {
    fileprivate init?(word: String) {
        if word == "DIGEST" {
            self = .digest
        } else if let category = NotificationKind.Category(rawValue: word), !category.isLocked(on: .email) {
            self = .category(category)
        } else {
            return nil
        }
    }

    fileprivate var word: String {
        switch self {
        case .category(let category): category.rawValue
        case .digest: "DIGEST"
        }
    }
}
