import Foundation
import GraphQLLanguage

/// Writes the sample documents, or measures how long lexing and parsing take.
///
///     language-bench write FOLDER
///     language-bench measure FILE...
///
/// Prints one line per file: name, bytes, microseconds (the best of many passes), highest memory use in kB.
@main struct LanguageBench {
    static func main() throws {
        let arguments = CommandLine.arguments.dropFirst()
        switch arguments.first {
        case "write" where arguments.count == 2:
            try write(to: URL(filePath: arguments[2], directoryHint: .isDirectory))
        case "measure" where arguments.count > 1:
            for path in arguments.dropFirst() { try measure(URL(filePath: path)) }
        default:
            print("usage: language-bench write FOLDER | measure FILE...")
            exit(2)
        }
    }

    private static func write(to folder: URL) throws {
        for (group, documents) in [("everyday", SampleDocuments.everyday), ("hostile", SampleDocuments.hostile)] {
            let place = folder.appending(path: group)
            try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
            for document in documents {
                try Data(document.text.utf8).write(to: place.appending(path: document.name + ".graphql"))
            }
        }
    }

    private static func measure(_ file: URL) throws {
        let bytes = Array(try Data(contentsOf: file))
        let deadline = ContinuousClock.now + .milliseconds(300)
        var best = Duration.seconds(1_000)
        repeat {
            best = min(best, try ContinuousClock().measure { try blackHole(Document(parsing: bytes)) })
        } while ContinuousClock.now < deadline
        let microseconds = Double(best.components.attoseconds) / 1e12 + Double(best.components.seconds) * 1e6
        let name = file.deletingPathExtension().lastPathComponent
        print(name, bytes.count, String(format: "%.1f", microseconds), peakMemory())
    }

    /// Keeps the optimiser from leaving out work whose result nobody reads.
    @inline(never) private static func blackHole(_ document: Document) throws {
        if document.nodes.isEmpty { throw CocoaError(.fileReadCorruptFile) }
    }

    private static func peakMemory() -> Int {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return usage.ru_maxrss
    }
}
