/// A binary heap of timers by time; each timer knows its place, so that it can be moved or taken out.
struct TimerHeap: ~Copyable {
    private var timers: ContiguousArray<Timer> = []

    var count: Int { timers.count }

    /// The earliest time at which something may be due.
    var earliest: UInt64? { timers.first?.key }

    /// Puts the timer where its deadline belongs. A later deadline leaves it where it is.
    mutating func place(_ timer: Timer) {
        guard let deadline = timer.deadline else { return }
        if timer.position < 0 {
            timer.key = deadline
            timer.position = timers.count
            timers.append(timer)
            siftUp(timer.position)
        } else if deadline < timer.key {
            timer.key = deadline
            siftUp(timer.position)
        }
    }

    mutating func remove(_ timer: Timer) {
        let hole = timer.position
        guard hole >= 0 else { return }
        timer.position = -1
        let last = timers.removeLast()
        guard last !== timer else { return }
        timers[hole] = last
        last.position = hole
        siftUp(hole)
        siftDown(last.position)
    }

    /// Takes the next due action; timers whose deadline has moved on are put back on the way.
    mutating func popDue(at now: UInt64) -> Timer? {
        while let first = timers.first, first.key <= now {
            remove(first)
            guard let deadline = first.deadline else { continue }
            if deadline <= now {
                first.deadline = nil
                return first
            }
            place(first)
        }
        return nil
    }

    private mutating func siftUp(_ start: Int) {
        var index = start
        while index > 0 {
            let parent = (index - 1) / 2
            guard timers[index].key < timers[parent].key else { return }
            swap(index, parent)
            index = parent
        }
    }

    private mutating func siftDown(_ start: Int) {
        var index = start
        while true {
            var least = index
            for child in (2 * index + 1)...(2 * index + 2) where child < timers.count {
                if timers[child].key < timers[least].key { least = child }
            }
            guard least != index else { return }
            swap(index, least)
            index = least
        }
    }

    private mutating func swap(_ one: Int, _ other: Int) {
        timers.swapAt(one, other)
        timers[one].position = one
        timers[other].position = other
    }
}
