internal import OutboundHTTP

/// What became of a message to a device.
enum PushOutcome {
    case taken
    /// There is no such device any more, or never was.
    case gone(String)
    /// The service takes nothing of ours for this device.
    case refused(String)
    /// That tells nothing of the device: the service is away, or it does not know this server.
    case failed(String)
    /// The same, and it may be mended by itself; not within so many seconds.
    case later(String, seconds: Int)

    /// A service that wants to be left alone for longer is asked again nevertheless.
    private static let longestDelay = 3_600

    /// What the service cannot do now: https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3
    static func later(_ response: OutboundResponse) -> PushOutcome {
        let seconds = response["retry-after"].flatMap { Int($0) } ?? 0
        return .later("status \(response.status)", seconds: min(max(seconds, 0), longestDelay))
    }
}
