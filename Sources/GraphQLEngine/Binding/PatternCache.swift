import GraphQLSchema
import Synchronization

/// The patterns of `@constraint`, compiled once. A schema has few.
enum PatternCache {
    private static let patterns = Mutex<[String: TextPattern]>([:])

    static func isFound(_ pattern: String, in text: String) -> Bool {
        compiled(pattern).isFound(in: text)
    }

    private static func compiled(_ pattern: String) -> TextPattern {
        if let known = patterns.withLock({ $0[pattern] }) { return known }
        do throws(TextPattern.Fault) {
            let compiled = try TextPattern(pattern)
            patterns.withLock { $0[pattern] = compiled }
            return compiled
        } catch {
            preconditionFailure("the generator has compiled the pattern \(pattern): \(error.reason)")
        }
    }
}
