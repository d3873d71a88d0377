import Glibc
import GraphQLEngine

/// How much memory an answer takes at its peak beyond what the process had before, in relation to its size.
struct PeakMemory {
    private let engine: Engine

    init(_ engine: Engine) { self.engine = engine }

    /// Prints a line for the first answer, whose size nobody knows before, and one for the next.
    func run() async {
        let context = ExecutionContext()
        _ = await engine.execute(Request(document: Array("{ hello list { id } }".utf8)), in: context)
        for name in ["first", "second"] {
            let document = "{ shelves { name items { \(EngineBench.fields) } } }"
            let before = Self.resident()
            Self.forgetPeak()
            let bytes = await engine.execute(Request(document: Array(document.utf8)), in: context).body.count
            let peak = Self.read("VmHWM:") - before
            print("\(name)\t\(bytes)\t\(peak << 10)\t\(Double(peak << 20 / bytes) / 1_024)")
        }
    }

    private static func resident() -> Int { read("VmRSS:") }

    private static func forgetPeak() {
        guard let file = fopen("/proc/self/clear_refs", "w") else { return }
        fputs("5", file)
        fclose(file)
    }

    /// A value of the process's status, in kB.
    private static func read(_ name: String) -> Int {
        guard let file = fopen("/proc/self/status", "r") else { return 0 }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 256)
        while fgets(&line, 256, file) != nil {
            let text = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
            if text.hasPrefix(name) {
                return text.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) } ?? 0
            }
        }
        return 0
    }
}
