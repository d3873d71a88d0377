package import Data

/// A kind of job: its name in the queue, and what is done.
package struct JobKind: Sendable {
    package let name: String
    /// How often it is added by itself; nil for jobs that are added where something happens.
    package let schedule: JobSchedule?
    let run: @Sendable (Job) async throws -> Void

    package init(_ name: String, _ run: @escaping @Sendable (Job) async throws -> Void) {
        self.name = name
        schedule = nil
        self.run = run
    }

    package init(every schedule: JobSchedule, _ run: @escaping @Sendable (Job) async throws -> Void) {
        name = schedule.name
        self.schedule = schedule
        self.run = run
    }
}

/// The kinds of jobs a process runs.
package struct JobCatalog: Sendable {
    private let kinds: [String: JobKind]
    package let schedules: [JobSchedule]

    package init(_ kinds: [JobKind]) {
        self.kinds = Dictionary(uniqueKeysWithValues: kinds.map { ($0.name, $0) })
        schedules = kinds.compactMap(\.schedule)
    }

    /// Jobs of other kinds fail, and are tried again later: by then their program may run here.
    package func run(_ job: Job) async throws {
        guard let kind = kinds[job.name] else { throw UnknownJob(name: job.name) }
        try await kind.run(job)
    }
}

/// No kind of job has this name here.
package struct UnknownJob: Error, Equatable {
    package let name: String
}
