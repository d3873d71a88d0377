import Glibc

/// A growable run of bytes: written at the end, read from the front, freed with its owner.
///
/// An empty buffer holds no memory, so an idle connection may keep one at the cost of four words.
public struct ByteBuffer: ~Copyable {
    @usableFromInline var base: UnsafeMutableRawPointer?
    @usableFromInline var allocated: Int
    @usableFromInline var start: Int
    @usableFromInline var end: Int

    public init() {
        base = nil
        allocated = 0
        start = 0
        end = 0
    }

    public init(capacity: Int) {
        self.init()
        reserve(capacity)
    }

    deinit { free(base) }

    /// Bytes written and not yet consumed.
    @inlinable public var count: Int { end - start }
    @inlinable public var isEmpty: Bool { end == start }
    @inlinable public var capacity: Int { allocated }

    /// Makes room for `extra` more bytes after the written ones.
    @inlinable public mutating func reserve(_ extra: Int) {
        if allocated - end < extra { grow(by: extra) }
    }

    /// Moves the content to the front when that frees enough, else takes at least twice the memory.
    @usableFromInline mutating func grow(by extra: Int) {
        precondition(extra >= 0, "a negative number of bytes cannot be reserved")
        let used = count
        if let base, start > 0, allocated - used >= extra, start >= allocated / 2 {
            memmove(base, base + start, used)
        } else {
            let size = max(used + extra, allocated * 2, 64)
            guard let fresh = malloc(size) else { fatalError("out of memory for a buffer of \(size) bytes") }
            if let base, used > 0 { memcpy(fresh, base + start, used) }
            free(base)
            base = fresh
            allocated = size
        }
        start = 0
        end = used
    }

    /// Forgets the first `amount` readable bytes.
    @inlinable public mutating func consume(_ amount: Int) {
        precondition(amount >= 0 && amount <= count, "more bytes consumed than written")
        start += amount
        if start == end {
            start = 0
            end = 0
        }
    }

    /// Keeps the first `length` readable bytes and forgets the rest.
    @inlinable public mutating func truncate(to length: Int) {
        precondition(length >= 0 && length <= count, "a buffer cannot be truncated to more than it has")
        end = start + length
    }

    /// Forgets the content and keeps the memory.
    @inlinable public mutating func clear() {
        start = 0
        end = 0
    }

    /// Forgets the content and gives the memory back.
    public mutating func release() {
        free(base)
        base = nil
        allocated = 0
        start = 0
        end = 0
    }
}

/// The memory has one owner and the type cannot be copied, so moving it to another thread shares nothing.
extension ByteBuffer: @unchecked Sendable {}
