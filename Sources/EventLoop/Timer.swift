/// Something a loop does once, at a time that may still be moved or called off.
///
/// Moving a timer to a later time costs a store: the heap learns of it when the old time comes.
/// `@unchecked Sendable`: confined to its loop.
public final class Timer: @unchecked Sendable {
    let loop: EventLoop
    @exclusivity(unchecked) var action: (() -> Void)?
    /// When the action is due; nil when the timer is at rest.
    @exclusivity(unchecked) var deadline: UInt64?
    /// The time by which the heap has ordered it, never later than `deadline`.
    @exclusivity(unchecked) var key: UInt64 = 0
    /// The place in the heap; -1 outside.
    @exclusivity(unchecked) var position = -1

    init(loop: EventLoop, action: @escaping () -> Void) {
        self.loop = loop
        self.action = action
    }

    /// Sets or moves the time, in nanoseconds of `EventLoop.now`.
    public func set(at deadline: UInt64) {
        loop.assertOnLoop()
        self.deadline = deadline
        loop.timers.place(self)
    }

    /// Sets or moves the time to `nanoseconds` after the start of this turn.
    public func set(after nanoseconds: UInt64) {
        let (deadline, overflow) = loop.now.addingReportingOverflow(nanoseconds)
        set(at: overflow ? .max : deadline)
    }

    /// Lets the timer rest; it can be set again. The heap forgets it when the old time comes.
    public func rest() {
        loop.assertOnLoop()
        deadline = nil
    }

    /// Calls the timer off for good and frees its action at once.
    public func cancel() {
        loop.assertOnLoop()
        deadline = nil
        action = nil
        loop.timers.remove(self)
    }
}

extension Duration {
    /// Whole nanoseconds; nothing below zero, and at most what fits.
    public var nanoseconds: UInt64 {
        let (seconds, attoseconds) = components
        guard seconds >= 0, attoseconds >= 0 else { return 0 }
        let (whole, overflow) = UInt64(seconds).multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, carry) = whole.addingReportingOverflow(UInt64(attoseconds / 1_000_000_000))
        return overflow || carry ? .max : sum
    }
}
