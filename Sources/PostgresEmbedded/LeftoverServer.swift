import Glibc

/// A server that a crash left behind, or the lock file of one that is no more.
struct LeftoverServer {
    let folder: ClusterFolder

    private var lockFile: String { "\(folder.data)/postmaster.pid" }
    /// It holds a process id as well; PostgreSQL does not start while there is a process of that number.
    private var socketLock: String { "\(folder.socket)/.s.PGSQL.5432.lock" }

    /// The running server of this cluster, whoever started it.
    ///
    /// A process id alone proves nothing, as numbers are used again; a postmaster works in its data folder.
    var process: pid_t? {
        guard let first = content(of: lockFile)?.split(separator: "\n").first, let id = pid_t(first), id > 1 else {
            return nil
        }
        guard let place = realpath("/proc/\(id)/cwd", nil) else { return nil }
        defer { free(place) }
        return String(cString: place) == folder.data ? id : nil
    }

    /// Stops a server that still runs and removes locks that no one holds.
    func clear() throws(EmbeddedPostgresError) {
        // Its supervisor is stopping it, or died with the machine's last shutdown.
        for step in 0..<600 {
            guard let process else {
                for file in [lockFile, socketLock] where exists(file) { unlink(file) }
                return
            }
            if step == 0 { kill(process, SIGINT) }
            if step == 200 { kill(process, SIGQUIT) }
            usleep(50_000)
        }
        throw .failed(step: "stopping the server left behind by a crash", output: "it still runs")
    }
}
