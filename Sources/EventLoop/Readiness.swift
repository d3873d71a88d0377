internal import CLinux

/// What a file descriptor is ready for, and what a watcher wants to hear of.
public struct Readiness: OptionSet, Sendable {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let readable = Readiness(rawValue: EPOLLIN.rawValue)
    public static let writable = Readiness(rawValue: EPOLLOUT.rawValue)
    /// The peer will send no more.
    public static let peerClosed = Readiness(rawValue: EPOLLRDHUP.rawValue)
    /// Both directions are over, or an error is pending; reported whether asked for or not.
    public static let failed = Readiness(rawValue: EPOLLERR.rawValue | EPOLLHUP.rawValue)
}

/// Hears of the readiness of one file descriptor, on the loop that watches it.
public protocol ReadinessHandler: AnyObject {
    func ready(_ readiness: Readiness)
}

/// The watch of one descriptor that the loop does not own, such as the socket of a database client.
///
/// `@unchecked Sendable`: confined to its loop.
public final class Watch: ReadinessHandler, @unchecked Sendable {
    public let loop: EventLoop
    public let descriptor: Int32
    private var action: ((Readiness) -> Void)?

    init(loop: EventLoop, descriptor: Int32, action: @escaping (Readiness) -> Void) {
        self.loop = loop
        self.descriptor = descriptor
        self.action = action
    }

    /// What to be told of; an empty set keeps the watch and stays silent but for failures.
    public var interest: Readiness = [] {
        didSet {
            guard action != nil, interest != oldValue else { return }
            loop.descriptors.change(descriptor, to: interest)
        }
    }

    public func ready(_ readiness: Readiness) { action?(readiness) }

    /// Ends the watch; must come before the descriptor is closed.
    public func cancel() {
        loop.assertOnLoop()
        guard action != nil else { return }
        action = nil
        loop.descriptors.remove(descriptor)
    }
}
