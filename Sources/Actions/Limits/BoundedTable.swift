/// What is known of those who ask, as many as there may be, at the same cost whether there is room or not.
///
/// When there is none, some are looked at by chance, and the one that is missed least goes: of buckets, whoever had it loses next
/// to nothing, and who has used up theirs does not get another by bringing many addresses.
struct BoundedTable<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private struct Slot {
        let key: Key
        var value: Value
    }

    private static var looks: Int { 8 }

    private let limit: Int
    private var slots: [Slot] = []
    private var places: [Key: Int] = [:]
    private(set) var evictions = 0

    init(limit: Int) { self.limit = max(1, limit) }

    var count: Int { slots.count }

    /// Nil where there is nothing of this key any more.
    subscript(key: Key) -> Value? {
        get { places[key].map { slots[$0].value } }
        set {
            guard let place = places[key], let newValue else { return }
            slots[place].value = newValue
        }
    }

    /// Puts a value in, and throws another out where there is no room: the one of which `dispensability` is greatest.
    mutating func insert(_ value: Value, for key: Key, dispensability: (Key, Value) -> Double) {
        guard slots.count >= limit else {
            places[key] = slots.count
            slots.append(Slot(key: key, value: value))
            return
        }
        var (least, greatest) = (0, -Double.infinity)
        for _ in 0..<Self.looks {
            let place = Int.random(in: slots.indices)
            let rank = dispensability(slots[place].key, slots[place].value)
            if rank > greatest { (least, greatest) = (place, rank) }
        }
        places[slots[least].key] = nil
        places[key] = least
        slots[least] = Slot(key: key, value: value)
        evictions += 1
    }
}
