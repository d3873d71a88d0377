internal import Glibc

/// A file that is being written, under a name that nobody reads. It is gone unless it is kept. Blocks.
package final class NewDiskFile: Sendable {
    private let descriptor: Int32
    private let path: String

    init(in folder: String) throws(DiskFailure) {
        path = "\(folder)/\(UInt64.random(in: .min ... .max))"
        descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw DiskFailure("open", errno) }
    }

    deinit {
        guard descriptor >= 0 else { return }
        close(descriptor)
        unlink(path)
    }

    package func write(_ bytes: UnsafeRawBufferPointer) throws(DiskFailure) {
        var done = 0
        while done < bytes.count {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[done...])
            let result = Glibc.write(descriptor, rest.baseAddress, rest.count)
            if result < 0, errno == EINTR { continue }
            guard result > 0 else { throw DiskFailure("write", errno) }
            done += result
        }
    }

    package func write(_ bytes: [UInt8]) throws(DiskFailure) {
        let result: Result<Void, DiskFailure> = bytes.withUnsafeBytes { bytes in
            do throws(DiskFailure) { return .success(try write(bytes)) } catch { return .failure(error) }
        }
        try result.get()
    }

    /// What was written so far, for reading; it stays readable when this is gone.
    func reading() throws(DiskFailure) -> DiskFile {
        guard let file = try DiskFile(path) else { throw DiskFailure("open", ENOENT) }
        return file
    }

    /// Gives the file its name, in place of one that has it, once all of it is on the disk.
    func keep(as name: String) throws(DiskFailure) {
        guard fsync(descriptor) == 0 else { throw DiskFailure("fsync", errno) }
        guard rename(path, name) == 0 else { throw DiskFailure("rename", errno) }
    }
}
