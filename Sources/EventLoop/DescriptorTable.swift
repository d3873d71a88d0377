internal import CLinux
import Glibc

/// The epoll set of a loop and who listens to which descriptor in it.
///
/// Each registration has a generation: an event fetched together with others may name a descriptor that was
/// closed and opened again by the handler of an earlier event, and must then not reach the new owner.
struct DescriptorTable: ~Copyable {
    private struct Slot {
        var handler: (any ReadinessHandler)?
        var generation: UInt32 = 0
    }

    private let epoll: Int32
    private var slots: ContiguousArray<Slot> = []
    private var events: UnsafeMutableBufferPointer<epoll_event>

    init() throws {
        epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
        guard epoll >= 0 else { throw SystemError("epoll_create1") }
        events = .allocate(capacity: 256)
        events.initialize(repeating: epoll_event())
    }

    deinit {
        close(epoll)
        events.deallocate()
    }

    mutating func add(_ descriptor: Int32, interest: Readiness, handler: any ReadinessHandler) throws {
        let index = Int(descriptor)
        while slots.count <= index { slots.append(Slot()) }
        precondition(slots[index].handler == nil, "a descriptor can be watched once")
        slots[index].generation &+= 1
        var event = epoll_event()
        event.events = interest.rawValue
        event.data.u64 = UInt64(slots[index].generation) << 32 | UInt64(UInt32(bitPattern: descriptor))
        guard epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event) == 0 else { throw SystemError("epoll_ctl") }
        slots[index].handler = handler
    }

    mutating func change(_ descriptor: Int32, to interest: Readiness) {
        var event = epoll_event()
        event.events = interest.rawValue
        event.data.u64 =
            UInt64(slots[Int(descriptor)].generation) << 32 | UInt64(UInt32(bitPattern: descriptor))
        let result = epoll_ctl(epoll, EPOLL_CTL_MOD, descriptor, &event)
        precondition(result == 0, "a watched descriptor was closed before its watch ended")
    }

    mutating func remove(_ descriptor: Int32) {
        let index = Int(descriptor)
        guard index < slots.count, slots[index].handler != nil else { return }
        slots[index].handler = nil
        var unused = epoll_event()
        epoll_ctl(epoll, EPOLL_CTL_DEL, descriptor, &unused)
    }

    /// Sleeps until something is ready or `milliseconds` are over; the number of events to fetch by `event(at:)`.
    mutating func wait(milliseconds: Int32) -> Int {
        let count = epoll_wait(epoll, events.baseAddress, Int32(events.count), milliseconds)
        if count < 0 { precondition(errno == EINTR, "epoll_wait failed on a valid set") }
        return Int(max(0, count))
    }

    /// The listener of a fetched event; nil when it is gone or the descriptor has a new owner.
    func event(at index: Int) -> (handler: any ReadinessHandler, readiness: Readiness)? {
        let event = events[index]
        let slot = slots[Int(UInt32(truncatingIfNeeded: event.data.u64))]
        guard slot.generation == UInt32(truncatingIfNeeded: event.data.u64 >> 32), let handler = slot.handler else {
            return nil
        }
        return (handler, Readiness(rawValue: event.events))
    }
}
