import Foundation
import Testing

/// The table of docs/notifications.md beside the kinds that there are.
@Suite(.timeLimit(.minutes(3))) struct NotificationGuideTests {
    private func text(_ path: String) throws -> String {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..").standardized
        return try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    @Test func `the guide tells of every kind, with its category and priority, and of no other`() throws {
        let source = try text("Sources/Actions/Notifications/NotificationKind.swift")
        let categories = source.matches(of: /case (\w+) = "([A-Z_]+)"/)
            .reduce(into: [:]) { names, match in names[String(match.1)] = String(match.2) }
        let kinds = source.matches(of: /type: "([a-z._]+)",\s+category: \.(\w+),\s+priority: \.(\w+)/).map {
            "| `\($0.1)` | `\(categories[String($0.2)] ?? "")` | `\(categories[String($0.3)] ?? "")` |"
        }
        let rows = try text("docs/notifications.md").matches(of: /(?m)^(\| `[a-z_]+\.[a-z_]+` \| `\w+` \| `\w+` \|)/)
        #expect(kinds.count > 4)
        #expect(rows.map { String($0.1) }.sorted() == kinds.sorted())
    }
}
