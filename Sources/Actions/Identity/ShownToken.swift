package import PostgresClient
internal import Synchronization

/// An access token as somebody has shown it. What it says stays as it is: it is read once, though it is asked about for each
/// event of a subscription.
package final class ShownToken: Sendable {
    private let text: String
    private let shownAt: Timestamp
    private let known = Mutex<AccessTokens.Claims?>(nil)

    package init(_ text: String, at time: Timestamp) {
        self.text = text
        shownAt = time
    }

    func claims(_ tokens: AccessTokens) -> AccessTokens.Claims? {
        known.withLock { known in
            if known == nil { known = tokens.read(text, at: shownAt) }
            return known
        }
    }
}
