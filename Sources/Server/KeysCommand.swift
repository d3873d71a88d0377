import Actions
import Glibc

/// `Server keys rotate`: encrypts anew, with the first of `ENCRYPTION_KEYS`, what the others have encrypted.
struct KeysCommand {
    private let arguments: [String]
    private let configuration: Configuration

    init(_ arguments: some Sequence<String>, _ configuration: Configuration) {
        self.arguments = Array(arguments)
        self.configuration = configuration
    }

    func run() async throws {
        guard arguments == ["rotate"] else { throw UsageError(text: "usage: Server keys rotate") }
        let (report, key) = try await CommandServices.with(configuration) { services in
            let rotation = KeyRotation(services)
            return (try await rotation.run(), rotation.keyID)
        }
        Server.report(["\(report.renewed) values were encrypted anew with key \(key)"])
        Server.report(report.unreadable.map { "error: no key opens \($0)" })
        if !report.unreadable.isEmpty { exit(1) }
        Server.report(["no value has another key: the others can be taken out of ENCRYPTION_KEYS"])
    }
}
