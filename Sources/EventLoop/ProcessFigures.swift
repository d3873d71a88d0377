import Glibc
internal import Synchronization

/// What a process has taken of its machine, as the kernel tells it at this moment.
public struct ProcessFigures: Sendable, Equatable {
    /// Seconds of all its threads together, in the program and in the kernel.
    public let cpuSeconds: Double
    public let residentBytes: Int
    public let virtualBytes: Int
    public let openDescriptors: Int
    public let maximumDescriptors: Int

    /// Of this process.
    public init() {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1_000_000 }
        cpuSeconds = seconds(usage.ru_utime) + seconds(usage.ru_stime)
        let pages = Self.text(of: "/proc/self/statm").split(separator: " ").prefix(2).map { Int($0) ?? 0 }
        let pageBytes = Int(sysconf(Int32(_SC_PAGESIZE)))
        virtualBytes = (pages.first ?? 0) * pageBytes
        residentBytes = (pages.dropFirst().first ?? 0) * pageBytes
        openDescriptors = Self.countOfDescriptors
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        maximumDescriptors = Int(clamping: UInt64(limit.rlim_cur))
    }

    private static func text(of path: String) -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return "" }
        defer { close(descriptor) }
        let bytes = [UInt8](unsafeUninitializedCapacity: 256) { buffer, count in
            count = max(0, read(descriptor, buffer.baseAddress, buffer.count))
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// When the folder was last counted, and what came of it.
    private static let counted = Mutex<(at: UInt64, count: Int)>((0, 0))

    private static var countOfDescriptors: Int {
        // Since Linux 6.2 the folder's size says how many there are.
        var facts = stat()
        if stat("/proc/self/fd", &facts) == 0, facts.st_size > 0 { return Int(facts.st_size) }
        // A hundred thousand take a while, and whoever asks may be a loop: once a second is often enough.
        let now = EventLoop.monotonicTime()
        return counted.withLock { counted in
            guard counted.at == 0 || now >= counted.at &+ 1_000_000_000 else { return counted.count }
            counted = (now, walk())
            return counted.count
        }
    }

    private static func walk() -> Int {
        guard let folder = opendir("/proc/self/fd") else { return 0 }
        defer { closedir(folder) }
        var count = 0
        while readdir(folder) != nil { count += 1 }
        // Itself, its parent, and the folder that is read.
        return max(0, count - 3)
    }
}
