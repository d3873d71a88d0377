import Actions
import Glibc

/// `Server user create-admin`: the first account that may do everything.
struct UserCommand {
    private static let usage = "usage: Server user create-admin EMAIL --name NAME [--username NAME]"

    private let arguments: [String]
    private let configuration: Configuration

    init(_ arguments: some Sequence<String>, _ configuration: Configuration) {
        self.arguments = Array(arguments)
        self.configuration = configuration
    }

    func run() async throws {
        guard arguments.first == "create-admin", arguments.count >= 2 else { throw UsageError(text: Self.usage) }
        let options = try options(Array(arguments.dropFirst(2)))
        guard let name = options["--name"] else { throw UsageError(text: Self.usage) }
        let email = arguments[1]
        let password = try PasswordInput.read()
        let result = try await CommandServices.with(configuration) { services in
            try await AdminCreate(services)
                .run(email: email, displayName: name, username: options["--username"], password: password)
        }
        switch result {
        case .success(let username): Server.report(["\(username) may do everything"])
        case .failure(let faults):
            let lines = faults.all.map { "\($0.path.last ?? ""): \($0.message)" }
            throw UsageError(text: lines.joined(separator: "\nerror: "))
        }
    }

    private func options(_ words: [String]) throws -> [String: String] {
        var options: [String: String] = [:]
        var rest = words[...]
        while let option = rest.popFirst() {
            guard ["--name", "--username"].contains(option), options[option] == nil, let value = rest.popFirst() else {
                throw UsageError(text: Self.usage)
            }
            options[option] = value
        }
        return options
    }
}

/// A password from the terminal or a pipe: never from the arguments, which every process of the machine may read.
enum PasswordInput {
    static func read() throws -> String {
        guard isatty(0) == 1 else { return try line() }
        Server.report(["password:"])
        var settings = termios()
        tcgetattr(0, &settings)
        let shown = settings.c_lflag
        settings.c_lflag &= ~tcflag_t(ECHO)
        tcsetattr(0, TCSAFLUSH, &settings)
        defer {
            settings.c_lflag = shown
            tcsetattr(0, TCSAFLUSH, &settings)
        }
        return try line()
    }

    private static func line() throws -> String {
        guard let line = readLine(), !line.isEmpty else {
            throw UsageError(text: "the password is read from standard input, which is empty")
        }
        return line
    }
}
