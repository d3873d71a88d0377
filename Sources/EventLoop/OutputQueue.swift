import Glibc

/// A piece of output that a stream may still append to; reused by the streams of a loop.
final class OutputChunk {
    var buffer = ByteBuffer()
    /// About what it takes of the memory, with the object itself and the allocator's own.
    var footprint: Int { buffer.capacity + 96 }
}

/// Chunks that are not in use. Their memory stays, so that a busy loop does not allocate for output; how much stays is
/// reckoned in bytes, so that a message to thousands finds as many small chunks as it took before.
final class ChunkPool {
    @exclusivity(unchecked) private var free: ContiguousArray<OutputChunk> = []
    /// What the free chunks hold.
    @exclusivity(unchecked) private var held = 0
    private let kept: Int
    private let largest: Int

    init(keptBytes: Int, largest: Int) {
        kept = keptBytes
        self.largest = largest
    }

    func take() -> OutputChunk {
        guard let chunk = free.popLast() else { return OutputChunk() }
        held -= chunk.footprint
        return chunk
    }

    func give(_ chunk: OutputChunk) {
        if chunk.buffer.capacity > largest { chunk.buffer.release() } else { chunk.buffer.clear() }
        guard held + chunk.footprint <= kept else { return }
        held += chunk.footprint
        free.append(chunk)
    }
}

/// What a stream has still to send, in order: closed pieces, then one chunk that is open for appending.
///
/// A closed piece always ends where a writer's unit (a response, a frame) ended, so that `dropUnsent` never cuts one.
struct OutputQueue {
    private enum Piece {
        case chunk(OutputChunk)
        case shared(SharedBytes)
    }

    /// An open chunk of this size is closed, and a new one begun.
    private static let fullChunk = 16_384

    private var closed: ContiguousArray<Piece> = []
    private var open: OutputChunk?
    /// Bytes of the first piece that are sent already.
    private var sent = 0
    /// Bytes queued and not sent.
    private(set) var count = 0

    var isEmpty: Bool { count == 0 }

    /// Whether all of it is one piece, as a short answer is.
    var isOnePiece: Bool { closed.isEmpty || closed.count == 1 && open == nil }

    /// The chunk to append to. What is appended must be reported to `grew`.
    mutating func openChunk(pool: ChunkPool) -> OutputChunk {
        if let open {
            if open.buffer.count < OutputQueue.fullChunk { return open }
            closed.append(.chunk(open))
        }
        let chunk = pool.take()
        open = chunk
        return chunk
    }

    mutating func grew(by amount: Int) { count += amount }

    mutating func append(_ bytes: SharedBytes) {
        guard bytes.count > 0 else { return }
        if let open, open.buffer.count > 0 {
            closed.append(.chunk(open))
            self.open = nil
        }
        closed.append(.shared(bytes))
        count += bytes.count
    }

    /// Hands the first pieces to `send` as one vector; returns what it returns.
    func withVectors(_ send: (UnsafeBufferPointer<iovec>) -> Int) -> Int {
        withUnsafeTemporaryAllocation(of: iovec.self, capacity: 64) { vectors in
            var used = 0
            var skip = sent
            func add(_ bytes: UnsafeRawBufferPointer) {
                let rest = UnsafeRawBufferPointer(rebasing: bytes[skip...])
                vectors[used] = iovec(
                    iov_base: UnsafeMutableRawPointer(mutating: rest.baseAddress),
                    iov_len: rest.count
                )
                used += 1
                skip = 0
            }
            for piece in closed.prefix(63) {
                switch piece {
                case .chunk(let chunk): chunk.buffer.withUnsafeBytes { add($0) }
                case .shared(let shared): add(shared.bytes)
                }
            }
            if closed.count < 64, let open, open.buffer.count > 0 { open.buffer.withUnsafeBytes { add($0) } }
            return send(UnsafeBufferPointer(rebasing: vectors[..<used]))
        }
    }

    /// Hands the rest of the first piece to `send`; returns what it returns.
    func withFirstVector<Result>(_ send: (UnsafeRawBufferPointer) -> Result) -> Result {
        if closed.isEmpty {
            guard let open else { preconditionFailure("nothing waits to be sent") }
            return open.buffer.withUnsafeBytes { send(UnsafeRawBufferPointer(rebasing: $0[sent...])) }
        }
        switch closed[0] {
        case .shared(let shared): return send(UnsafeRawBufferPointer(rebasing: shared.bytes[sent...]))
        case .chunk(let chunk):
            return chunk.buffer.withUnsafeBytes { send(UnsafeRawBufferPointer(rebasing: $0[sent...])) }
        }
    }

    /// Forgets the first `amount` bytes and gives finished chunks back.
    mutating func consume(_ amount: Int, pool: ChunkPool) {
        count -= amount
        var rest = amount + sent
        if !closed.isEmpty { forgetClosed(&rest, pool) }
        if closed.isEmpty, let open, rest == open.buffer.count {
            pool.give(open)
            self.open = nil
            rest = 0
        }
        sent = rest
    }

    /// Forgets the closed pieces among the first bytes, of which `rest` are left.
    private mutating func forgetClosed(_ rest: inout Int, _ pool: ChunkPool) {
        var finished = 0
        while finished < closed.count {
            let size = pieceCount(closed[finished])
            guard rest >= size else { break }
            rest -= size
            if case .chunk(let chunk) = closed[finished] { pool.give(chunk) }
            finished += 1
        }
        if finished == closed.count { closed = [] } else { closed.removeFirst(finished) }
    }

    /// Forgets everything but the first piece, and that too unless it is partly on its way.
    mutating func dropUnsent(pool: ChunkPool, keepingFirst: Bool = false) {
        let isFirstOnItsWay = sent > 0 || keepingFirst
        for piece in closed.dropFirst(isFirstOnItsWay ? 1 : 0) {
            count -= pieceCount(piece)
            if case .chunk(let chunk) = piece { pool.give(chunk) }
        }
        if isFirstOnItsWay, closed.isEmpty { return }
        if let open {
            count -= open.buffer.count
            pool.give(open)
            self.open = nil
        }
        closed = isFirstOnItsWay ? ContiguousArray(closed.prefix(1)) : []
    }

    mutating func clear(pool: ChunkPool) {
        sent = 0
        dropUnsent(pool: pool)
        count = 0
    }

    private func pieceCount(_ piece: Piece) -> Int {
        switch piece {
        case .chunk(let chunk): chunk.buffer.count
        case .shared(let shared): shared.count
        }
    }
}
