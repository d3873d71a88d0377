import Actions
import Data
import Glibc
import PostgresClient

/// `Server jobs list` and `Server jobs retry ID…`: the jobs that died of their failures, and another life for some.
struct JobsCommand {
    private static let usage = "usage: Server jobs list | retry ID…"
    /// Jobs that are listed; how many more there are is said.
    private static let listed = 100

    private let arguments: [String]
    private let configuration: Configuration

    init(_ arguments: some Sequence<String>, _ configuration: Configuration) {
        self.arguments = Array(arguments)
        self.configuration = configuration
    }

    func run() async throws {
        switch (arguments.first, arguments.count) {
        case ("list", 1): try await list()
        case ("retry", 2...): try await retry(Array(arguments.dropFirst()))
        default: throw UsageError(text: Self.usage)
        }
    }

    /// Those that died last come first, a line each on standard output, its parts between tabs.
    private func list() async throws {
        let (newest, count) = try await CommandServices.with(configuration) { services in
            try await services.database.session.deadJobs(limit: Self.listed)
        }
        for job in newest {
            let id = GlobalID.text("job", job.id)
            print(id, job.finishedAt.rfc3339, job.name, job.attempts, Self.line(job.reason), separator: "\t")
        }
        fflush(nil)
        let rest = count > newest.count ? ", of which these are the last \(newest.count)" : ""
        Server.report(["dead jobs: \(count)\(rest)"])
    }

    private func retry(_ names: [String]) async throws {
        let ids = try names.map { name -> UUID in
            guard let id = GlobalID.uuid("job", name) ?? UUID(name) else {
                throw UsageError(text: "\"\(name)\" is no id of a job: Server jobs list tells them")
            }
            return id
        }
        let hasFailed = try await CommandServices.with(configuration) { services in
            let retry = JobRetry(services)
            var hasFailed = false
            for (name, id) in zip(names, ids) {
                // Each is told of at once: the next one may end in an error.
                do {
                    let kind = try await retry.run(id).get()
                    Server.report(["\(name) (\(kind)) is tried again"])
                } catch {
                    hasFailed = true
                    Server.report(["error: \(name): \(error)"])
                }
            }
            return hasFailed
        }
        if hasFailed { exit(1) }
    }

    /// What an error said, as one line without anything that a terminal would obey.
    private static func line(_ reason: String) -> String {
        let isPlain: (Unicode.Scalar) -> Bool = { scalar in
            scalar.value >= 0x20 && !(0x7F..<0xA0).contains(scalar.value)
        }
        return String(String.UnicodeScalarView(reason.unicodeScalars.prefix(200).map { isPlain($0) ? $0 : " " }))
    }
}
