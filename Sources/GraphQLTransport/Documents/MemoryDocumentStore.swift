internal import Synchronization

/// Documents in memory, shared by all loops. Those not asked for leave when the bytes run out.
public final class MemoryDocumentStore: DocumentStore {
    /// Two generations: what is found moves to the younger one, and when that has filled half of the memory the older
    /// one is forgotten as a whole.
    private struct State {
        var young: [String: String] = [:]
        var old: [String: String] = [:]
        var youngBytes = 0

        mutating func keep(_ document: String, as id: String, half: Int) {
            let size = document.utf8.count + id.utf8.count
            guard size <= half, young[id] == nil else { return }
            if youngBytes + size > half {
                old = young
                young = [:]
                youngBytes = 0
            }
            young[id] = document
            youngBytes += size
        }
    }

    private let state: Mutex<State>
    private let byteLimit: Int

    public init(byteLimit: Int = 8 << 20) {
        self.byteLimit = byteLimit
        state = Mutex(State())
    }

    public func document(_ id: String) async -> String? {
        state.withLock { state in
            if let document = state.young[id] { return document }
            guard let document = state.old[id] else { return nil }
            state.keep(document, as: id, half: byteLimit / 2)
            return document
        }
    }

    public func keep(_ document: String, as id: String) async {
        state.withLock { $0.keep(document, as: id, half: byteLimit / 2) }
    }
}

/// The documents a build of the clients has listed. Nothing is added while the server runs.
public struct DocumentManifest: DocumentStore {
    private let documents: [String: String]

    public init(_ documents: [String: String]) { self.documents = documents }

    public func document(_ id: String) async -> String? { documents[id] }
    public func keep(_ document: String, as id: String) async {}
}
