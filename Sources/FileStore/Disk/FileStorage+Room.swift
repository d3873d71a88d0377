internal import EventLoop
internal import Glibc

extension FileStorage {
    /// Bytes that are free where files are written on this machine; throws where none can be written.
    package func freeBytes() async throws -> Int {
        try await pool.run { [temporaryFolder] in
            guard access(temporaryFolder, W_OK | X_OK) == 0 else { throw DiskFailure("access", errno) }
            var facts = statvfs()
            guard statvfs(temporaryFolder, &facts) == 0 else { throw DiskFailure("statvfs", errno) }
            return Int(clamping: UInt64(facts.f_bavail) * UInt64(facts.f_frsize))
        }
    }
}
