import Glibc

/// A file that no folder lists: closed, and thereby gone, when nobody holds it any more, however the process ends.
final class TemporaryFile: Sendable {
    private let descriptor: Int32

    /// Blocks, as all of this does.
    init(in folder: String) throws {
        let name = "\(folder)/atrium-upload-\(UInt64.random(in: .min ... .max))"
        descriptor = open(name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw FileFailure(code: errno) }
        unlink(name)
    }

    deinit { close(descriptor) }

    /// Where this process can open the file by itself.
    var path: String { "/proc/self/fd/\(descriptor)" }

    func write(_ bytes: ArraySlice<UInt8>, at offset: Int) throws {
        try bytes.withUnsafeBytes { bytes in
            var written = 0
            while written < bytes.count {
                let rest = UnsafeRawBufferPointer(rebasing: bytes[written...])
                let result = pwrite(descriptor, rest.baseAddress, rest.count, off_t(offset + written))
                if result < 0, errno == EINTR { continue }
                guard result > 0 else { throw FileFailure(code: errno) }
                written += result
            }
        }
    }

    /// The bytes of the range, as far as there are any.
    func read(_ range: Range<Int>) throws -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: range.count) { buffer, count in
            while count < range.count {
                let rest = UnsafeMutableBufferPointer(rebasing: buffer[count..<range.count])
                let result = pread(descriptor, rest.baseAddress, rest.count, off_t(range.lowerBound + count))
                if result < 0, errno == EINTR { continue }
                guard result >= 0 else { throw FileFailure(code: errno) }
                if result == 0 { break }
                count += result
            }
        }
    }
}

/// A file that could not be made, written or read.
struct FileFailure: Error {
    let code: Int32
}
