import Glibc

/// How many descriptors the process may have open, each connection being one.
public enum DescriptorLimit {
    /// Raises the limit that usually holds to the one up to which that is allowed, and returns it. The first is often 1,024, for
    /// programs that cannot live with more.
    @discardableResult
    public static func raise() -> Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 0 }
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        return Int(clamping: limit.rlim_cur)
    }
}
