/// `Server config check`: whether the settings can be used. Those that cannot were refused before it comes to this.
/// `Server config list`: all of them, with what holds.
struct ConfigCommand {
    private let arguments: [String]
    private let configuration: Configuration

    init(_ arguments: some Sequence<String>, _ configuration: Configuration) {
        self.arguments = Array(arguments)
        self.configuration = configuration
    }

    func run() throws {
        switch arguments {
        case ["check"]:
            Server.report(configuration.warnings.map { "warning: \($0)" } + ["the settings are right"])
        case ["list"]: for line in configuration.listing { print(line) }
        default: throw UsageError(text: "usage: Server config check | list")
        }
    }
}
