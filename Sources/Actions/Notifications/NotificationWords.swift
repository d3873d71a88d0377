/// What a notification says, in one language.
package struct NotificationWords: Sendable, Equatable {
    package let title: String
    package let body: String

    package init(_ title: String, _ body: String = "") {
        self.title = title
        self.body = body
    }
}
