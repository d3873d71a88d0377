import Foundation
import PythonTesting

/// A collector of traces and errors that reads them by the parsers of those who define what they look like.
final class TestCollector {
    private let program: PythonProgram
    let url: String

    /// - Parameter statuses: those of its first answers.
    init(_ statuses: [Int] = []) throws {
        program = try PythonProgram("ServerTests/collector.py", statuses.map(String.init))
        url = "http://127.0.0.1:\(program.line() ?? "0")"
    }

    /// What came next.
    func next() throws -> [String: Any] {
        guard let object = program.object() else { throw Ended() }
        if let fault = object["fault"] { throw Refused(description: "\(fault): \(object["body"] ?? "")") }
        return object
    }

    struct Ended: Error {}
    struct Refused: Error, CustomStringConvertible { let description: String }
}
