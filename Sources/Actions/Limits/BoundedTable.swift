/// The buckets of those who ask, as many as there may be, at the same cost whether there is room or not.
///
/// When there is none, some buckets are looked at by chance, and the fullest of them goes: whoever had it loses next to
/// nothing, and who has used up theirs does not get another by bringing many addresses.
struct BucketTable {
    private struct Slot {
        let key: RequestLimiter.Key
        var bucket: RequestLimiter.Bucket
    }

    private static let looks = 8

    private let limit: Int
    private var slots: [Slot] = []
    private var places: [RequestLimiter.Key: Int] = [:]
    private(set) var evictions = 0

    init(limit: Int) { self.limit = max(1, limit) }

    var count: Int { slots.count }

    /// Nil where there is none of this key any more.
    subscript(key: RequestLimiter.Key) -> RequestLimiter.Bucket? {
        get { places[key].map { slots[$0].bucket } }
        set {
            guard let place = places[key], let newValue else { return }
            slots[place].bucket = newValue
        }
    }

    /// Puts a bucket in, and throws another out where there is no room: the one of which `share` is greatest.
    mutating func insert(
        _ bucket: RequestLimiter.Bucket,
        for key: RequestLimiter.Key,
        share: (RequestLimiter.Key, RequestLimiter.Bucket) -> Double
    ) {
        guard slots.count >= limit else {
            places[key] = slots.count
            slots.append(Slot(key: key, bucket: bucket))
            return
        }
        var (fullest, greatest) = (0, -Double.infinity)
        for _ in 0..<Self.looks {
            let place = Int.random(in: slots.indices)
            let share = share(slots[place].key, slots[place].bucket)
            if share > greatest { (fullest, greatest) = (place, share) }
        }
        places[slots[fullest].key] = nil
        places[key] = fullest
        slots[fullest] = Slot(key: key, bucket: bucket)
        evictions += 1
    }
}
