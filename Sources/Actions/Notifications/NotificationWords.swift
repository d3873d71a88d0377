/// What a notification says, in one language.
package struct NotificationWords: Sendable, Equatable {
    package let title: String
    package let body: String
    /// The title of several that are counted together, behind their number; nil where it is that of the last.
    package let countedTitle: String?

    package init(_ title: String, _ body: String = "", countedTitle: String? = nil) {
        self.title = title
        self.body = body
        self.countedTitle = countedTitle
    }
}
