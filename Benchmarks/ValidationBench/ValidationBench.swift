import Foundation
import GraphQLEngine
import GraphQLLanguage
import GraphQLSchema

/// Writes the sample documents, or measures how long validating takes (parsing not counted).
///
///     validation-bench write FOLDER
///     validation-bench measure SCHEMA FILE...
///
/// Prints one line per file: name, bytes, microseconds (the best of many passes), errors, highest memory use in kB.
@main struct ValidationBench {
    static func main() throws {
        let arguments = CommandLine.arguments.dropFirst()
        switch arguments.first {
        case "write" where arguments.count == 2:
            try write(to: URL(filePath: arguments[2], directoryHint: .isDirectory))
        case "measure" where arguments.count > 2:
            let validator = DocumentValidator(try schema(URL(filePath: arguments[2])))
            for path in arguments.dropFirst(2) { try measure(URL(filePath: path), validator) }
        default:
            print("usage: validation-bench write FOLDER | measure SCHEMA FILE...")
            exit(2)
        }
    }

    private static func schema(_ file: URL) throws -> Schema {
        try Schema(unchecked: String(decoding: Data(contentsOf: file), as: UTF8.self))
    }

    private static func write(to folder: URL) throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data(SampleSchema.text.utf8).write(to: folder.appending(path: "schema.graphqls"))
        for (group, documents) in [("everyday", SampleDocuments.everyday), ("hostile", SampleDocuments.hostile)] {
            let place = folder.appending(path: group)
            try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
            for (number, document) in documents.enumerated() {
                let name = String(format: "%02d-", number + 1) + document.name + ".graphql"
                try Data(document.text.utf8).write(to: place.appending(path: name))
            }
        }
    }

    private static func measure(_ file: URL, _ validator: DocumentValidator) throws {
        let bytes = Array(try Data(contentsOf: file))
        let document = try Document(parsing: bytes)
        let deadline = ContinuousClock.now + .milliseconds(300)
        var best = Duration.seconds(1_000)
        var errors = 0
        repeat {
            best = min(best, ContinuousClock().measure { errors = validator.validate(document).count })
        } while ContinuousClock.now < deadline
        let microseconds = Double(best.components.attoseconds) / 1e12 + Double(best.components.seconds) * 1e6
        let name = file.deletingPathExtension().lastPathComponent
        print(name, bytes.count, String(format: "%.1f", microseconds), errors, peakMemory())
    }

    private static func peakMemory() -> Int {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return usage.ru_maxrss
    }
}
