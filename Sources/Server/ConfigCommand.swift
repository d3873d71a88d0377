/// `Server config check`: whether the settings can be used. Those that cannot were refused before it comes to this.
struct ConfigCommand {
    private let arguments: [String]

    init(_ arguments: some Sequence<String>) { self.arguments = Array(arguments) }

    func run() throws {
        guard arguments == ["check"] else { throw UsageError(text: "usage: Server config check") }
        Server.report(["the settings are right"])
    }
}
