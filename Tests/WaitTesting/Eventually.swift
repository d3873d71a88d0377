import Glibc

/// Asks again and again until the condition holds; throws where it does not within the limit, so that a test that waits in vain
/// fails, and says where.
///
/// - Parameter what: what is waited for, where the condition does not say it.
public func eventually(
    _ what: String = "what was waited for",
    within limit: Duration = .seconds(30),
    file: StaticString = #fileID,
    line: Int = #line,
    _ condition: () async throws -> Bool
) async throws {
    let end = ContinuousClock.now + limit
    while try await !condition() {
        guard ContinuousClock.now < end else { throw WaitedInVain(what: what, limit: limit, place: "\(file):\(line)") }
        try await Task.sleep(for: .milliseconds(5))
    }
}

/// The same for tests that block their thread, by a name of its own: on a loop nothing may.
public func blockUntil(
    _ what: String = "what was waited for",
    within limit: Duration = .seconds(30),
    file: StaticString = #fileID,
    line: Int = #line,
    _ condition: () throws -> Bool
) throws {
    let end = ContinuousClock.now + limit
    while try !condition() {
        guard ContinuousClock.now < end else { throw WaitedInVain(what: what, limit: limit, place: "\(file):\(line)") }
        usleep(5_000)
    }
}

public struct WaitedInVain: Error, CustomStringConvertible {
    let what: String
    let limit: Duration
    let place: String

    public var description: String { "\(place): \(what) did not come within \(limit)" }
}
