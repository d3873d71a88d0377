internal import CProcess
import Glibc

/// A program to run with the rights of the server's user.
struct Command {
    let program: String
    let arguments: [String]
    let folder: String
    let user: ServerUser
    /// Receives standard output and error.
    let output: Int32

    /// Only what PostgreSQL needs: the settings of libpq and of the caller's shell must not reach it.
    private var environment: [String] { ["PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8", "TZ=UTC"] }

    /// Runs it to its end; its exit status.
    func run() throws(EmbeddedPostgresError) -> Int32 {
        let child = withCommand { atrium_spawn($0) }
        guard child > 0 else { throw .system("execute", program) }
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0, errno == EINTR {}
        return status
    }

    /// Keeps it running until no one holds the other end of `lifeline`; the supervisor's process id.
    func supervise(lifeline: Int32, ends: Int32) throws(EmbeddedPostgresError) -> pid_t {
        let supervisor = withCommand { atrium_supervise($0, lifeline, ends) }
        guard supervisor > 0 else { throw .system("fork", program) }
        return supervisor
    }

    private func withCommand(_ body: (UnsafePointer<atrium_command>) -> pid_t) -> pid_t {
        withCStrings([program] + arguments) { arguments in
            withCStrings(environment) { environment in
                program.withCString { program in
                    folder.withCString { folder in
                        var command = atrium_command(
                            program: program,
                            arguments: arguments,
                            environment: environment,
                            folder: folder,
                            user: user.user,
                            group: user.group,
                            output: output
                        )
                        return body(&command)
                    }
                }
            }
        }
    }
}

/// The texts as C wants them: an array of pointers that ends with nil.
private func withCStrings<Result>(
    _ texts: [String],
    _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
    var pointers = texts.map { strdup($0) } + [nil]
    defer { for pointer in pointers { free(pointer) } }
    return body(&pointers)
}
