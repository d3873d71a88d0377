/// All that keeps something from being done, at least one.
package struct Faults<Fault: Sendable & Equatable>: Error, Sendable, Equatable {
    package let all: [Fault]

    init(_ fault: Fault) { all = [fault] }

    /// Nil where there is none.
    init?(_ faults: [Fault]) {
        if faults.isEmpty { return nil }
        all = faults
    }
}
