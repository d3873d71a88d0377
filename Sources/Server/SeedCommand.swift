import Actions

/// `Server seed --sample`: fills the database with a small world to explore.
struct SeedCommand {
    private let arguments: [String]
    private let configuration: Configuration

    init(_ arguments: some Sequence<String>, _ configuration: Configuration) {
        self.arguments = Array(arguments)
        self.configuration = configuration
    }

    func run() async throws {
        guard arguments == ["--sample"] else { throw UsageError(text: "usage: Server seed --sample") }
        guard !configuration.purpose.isServing else {
            throw UsageError(
                text: "the sample world has a password that everybody knows: not in \(configuration.purpose.rawValue)"
            )
        }
        try await CommandServices.with(configuration) { try await SampleSeeding($0).run() }
        Server.report(SeedCommand.signIns)
    }

    /// With which names the sample world can be explored: by somebody who may do everything, and by somebody who may not.
    static var signIns: [String] {
        let (may, mayNot) = ("mara (SUPER_ADMIN)", "tomas (owner of a team)")
        return ["the sample world is there: sign in as \(may) or \(mayNot), password \"\(SampleWorld.password)\""]
    }
}
