internal import CLinux

/// What the C library does with freed memory. Settings of the whole process: for programs, before they start loops.
public enum HeapMemory {
    /// Keeps up to this many freed bytes for later use.
    ///
    /// By itself the C library gives the memory of a large answer back to the kernel, to get it page by page for the
    /// next one, which took a quarter of the time of an answer of 230 kB.
    public static func keepFreed(upTo bytes: Int32 = 64 << 20) {
        // Other C libraries than glibc have their own ways; the settings change speed alone.
        #if canImport(Glibc)
            _ = mallopt(M_TRIM_THRESHOLD, bytes)
            // The largest that glibc allows: allocations above have pages of their own, returned when they are freed.
            _ = mallopt(M_MMAP_THRESHOLD, min(bytes, 32 << 20))
        #endif
    }
}
