import Glibc

/// Holds threads up until it is opened. `@unchecked Sendable`: a semaphore.
final class Gate: @unchecked Sendable {
    private let semaphore = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

    init() { sem_init(semaphore, 0, 0) }

    deinit {
        sem_destroy(semaphore)
        semaphore.deallocate()
    }

    func wait() {
        sem_wait(semaphore)
        sem_post(semaphore)
    }

    func open() { sem_post(semaphore) }
}
