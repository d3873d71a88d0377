import OutboundHTTP

/// Where errors are gathered, and as whom: https://develop.sentry.dev/sdk/foundations/transport/authentication/
struct SentryDSN: Sendable, Equatable {
    /// Where envelopes are sent.
    let endpoint: String
    let publicKey: String

    /// Of `https://KEY@HOST/PROJECT`, with a path before the project or none.
    init?(_ text: String) {
        guard
            let match = text.wholeMatch(
                of: /(https?):\/\/([0-9A-Za-z]+)(:[0-9A-Za-z]*)?@([^\s\/?#@"'<>\\]+)((\/[^\s\/?#]+)*)\/([0-9A-Za-z]+)/
            ),
            Origin("\(match.1)://\(match.4)") != nil
        else { return nil }
        publicKey = String(match.2)
        endpoint = "\(match.1)://\(match.4)\(match.5)/api/\(match.7)/envelope/"
    }

    /// The value of `X-Sentry-Auth`.
    var credential: String {
        "Sentry sentry_version=7, sentry_client=atrium/\(Server.version), sentry_key=\(publicKey)"
    }
}
