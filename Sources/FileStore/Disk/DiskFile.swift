internal import COpenSSL
internal import Glibc

/// A file that is open for reading, for as long as somebody holds it. Blocks, as all of this does.
package final class DiskFile: RandomAccessBytes, Sendable {
    private let descriptor: Int32
    package let count: Int

    /// Nil where there is no such file.
    package init?(_ path: String) throws(DiskFailure) {
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            count = 0
            guard errno == ENOENT else { throw DiskFailure("open", errno) }
            return nil
        }
        var facts = stat()
        guard fstat(descriptor, &facts) == 0 else {
            let code = errno
            close(descriptor)
            throw DiskFailure("fstat", code)
        }
        count = Int(facts.st_size)
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    package func bytes(_ range: Range<Int>) throws -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: range.count) { buffer, count in
            count = try read(into: UnsafeMutableRawBufferPointer(buffer), at: range.lowerBound)
        }
    }

    /// How many bytes there were.
    package func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(DiskFailure) -> Int {
        var done = 0
        while done < buffer.count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
            let result = pread(descriptor, rest.baseAddress, rest.count, off_t(offset + done))
            if result < 0, errno == EINTR { continue }
            guard result >= 0 else { throw DiskFailure("pread", errno) }
            if result == 0 { break }
            done += result
        }
        return done
    }

    /// Hands all of it to `body`, piece by piece, and answers its SHA-256.
    package func digest(_ body: (UnsafeRawBufferPointer) throws -> Void = { _ in }) throws -> [UInt8] {
        let context = EVP_MD_CTX_new()
        defer { EVP_MD_CTX_free(context) }
        var isGood = EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 17, alignment: 16)
        defer { buffer.deallocate() }
        var offset = 0
        while case let count = try read(into: buffer, at: offset), count > 0 {
            let piece = UnsafeRawBufferPointer(rebasing: buffer[..<count])
            isGood = EVP_DigestUpdate(context, piece.baseAddress, count) == 1 && isGood
            try body(piece)
            offset += count
        }
        var digest = [UInt8](repeating: 0, count: 32)
        isGood = EVP_DigestFinal_ex(context, &digest, nil) == 1 && isGood
        precondition(isGood, "OpenSSL has SHA-256")
        return digest
    }
}

/// What the kernel refused.
package struct DiskFailure: Error, Equatable, CustomStringConvertible {
    package let call: String
    package let code: Int32

    init(_ call: String, _ code: Int32) {
        self.call = call
        self.code = code
    }

    package var description: String { "\(call): \(String(cString: strerror(code)))" }
}
