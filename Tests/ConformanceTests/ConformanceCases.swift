import Foundation

/// Where the files of the cases are, which are no part of the repository: in the folder that `ATRIUM_CONFORMANCE` names, else
/// in one beside it.
struct ConformanceCases {
    let folder: String
    let files: [String]

    /// Whether running without the cases was asked for.
    static var areSkipped: Bool { ProcessInfo.processInfo.environment["ATRIUM_CONFORMANCE"] == "skip" }

    init() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        folder =
            ProcessInfo.processInfo.environment["ATRIUM_CONFORMANCE"]
            ?? root.appendingPathComponent("../shared/conformance").standardized.path
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        files = names.filter { $0.hasSuffix(".jsonl.gz") }.sorted().map { [folder] in "\(folder)/\($0)" }
        guard !files.isEmpty else { throw Missing(folder: folder) }
    }

    struct Missing: Error, CustomStringConvertible {
        let folder: String

        var description: String {
            "NO CONFORMANCE CASES in \(folder): set ATRIUM_CONFORMANCE to their folder, or to \"skip\" to go without."
        }
    }
}
